using System.Text.Json;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Rendering;

/// <summary>How a run ended, as data: a guest's own status is never taken for one of the command's.</summary>
internal static class JsonEnd
{
    /// <summary>Writes the members <c>status</c>, with which the command ends, and <c>end</c>.</summary>
    public static void Write(Utf8JsonWriter json, Verdict verdict)
    {
        json.WriteNumber("status", verdict.Status);
        json.WriteStartObject("end");
        json.WriteString("kind", KindOf(verdict));
        WriteDetails(json, verdict, verdict.Result);
        json.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter json, Verdict verdict, RunResult result)
    {
        if (verdict is { Cause: InterruptCause.Timeout, Timeout: { } timeout })
        {
            json.WriteNumber("seconds", timeout.TotalSeconds);
        }

        if (result.Reason == EndReason.Exited)
        {
            json.WriteNumber("status", result.ExitCode);
        }

        if (result.Signal != Signal.None)
        {
            json.WriteString("signal", result.Signal.ToString());
            json.WriteNumber("number", (int)result.Signal);
        }

        if (result.Reason == EndReason.LimitReached)
        {
            json.WriteNumber("instructions", result.Limit);
        }

        if (result.Reason is EndReason.Deadlock)
        {
            json.WriteStartArray("waiters");
            foreach (Waiter waiter in result.Waiters)
            {
                json.WriteStringValue(EndText.Of(waiter));
            }

            json.WriteEndArray();
        }

        if (result.Reason is EndReason.UnsupportedInstruction or EndReason.ExpectationFailed)
        {
            json.WriteString("text", EndText.Of(result));
        }
    }

    private static string KindOf(Verdict verdict) => verdict.Cause != InterruptCause.None ? ReportReader.NameOf(verdict.Cause) : verdict.Result.Reason switch
    {
        EndReason.Paused => "paused",
        EndReason.Interrupted => ReportReader.NameOf(InterruptCause.Signal),
        EndReason.Exited => "exited",
        EndReason.Killed => "killed",
        EndReason.OutOfMemory => "outOfMemory",
        EndReason.LimitReached => "limit",
        EndReason.Deadlock => "deadlock",
        EndReason.UnsupportedInstruction => "unsupported",
        EndReason.ExpectationFailed => "expectation",
    };
}
