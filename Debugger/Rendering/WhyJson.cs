using System.Text.Encodings.Web;
using System.Text.Json;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Syscalls;

namespace MmuEmu.Debugger.Rendering;

/// <summary>An explanation as one JSON document, schema <c>mmuemu.why/1</c>.</summary>
internal static class WhyJson
{
    /// <summary>Writes the document; <paramref name="lines"/> is the same as text.</summary>
    public static void Write(TextWriter writer, WhyReport report, IReadOnlyList<string> lines)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(json, report, lines);
        }

        writer.Write(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        writer.Write('\n');
    }

    private static void Write(Utf8JsonWriter json, WhyReport report, IReadOnlyList<string> lines)
    {
        RunResult result = report.Result;
        json.WriteStartObject();
        json.WriteString("schema", "mmuemu.why/1");
        json.WriteString("guest", report.Guest);
        json.WriteString("reason", report.Verdict.Reason);
        json.WriteNumber("exitCode", result.ExitCode);
        json.WriteNumber("t", result.Time);
        json.WriteNumber("incidents", result.Incidents);
        json.WriteNumber("nth", report.Nth);
        WriteIncident(json, report);
        WriteThreads(json, result.Threads);
        WriteKill(json, result.Shortage);
        WriteTexts(json, "said", report.Said);
        if (report.Calls.Last is { } call)
        {
            json.WriteStartObject("lastFailedCall");
            json.WriteNumber("t", report.Calls.LastTime);
            WriteCall(json, call);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("lastFailedCall");
        }

        WriteTexts(json, "text", lines);
        json.WriteEndObject();
    }

    private static void WriteIncident(Utf8JsonWriter json, WhyReport report)
    {
        if (report.Incident is not { } record)
        {
            json.WriteNull("incident");
            return;
        }

        json.WriteStartObject("incident");
        JsonFaultRecord.WriteMembers(json, record, report.Plan.Options.Pressure);
        if (record.Call is { } call)
        {
            WriteCall(json, call);
        }
        else if (record.Signal.Vector is { } vector)
        {
            json.WriteString("exception", TrapText.NameOf(vector));
            json.WriteNumber("errorCode", record.Signal.ErrorCode);
            json.WriteString("instruction", InstructionText.At(record.Signal.Rip, record.Signal.Code));
            json.WriteString("rule", TrapText.Rule(record.Signal, report.Plan.Options.Cpu));
        }
        else if (record.Fault is { } fault)
        {
            json.WriteString("instruction", InstructionText.At(fault.Rip, fault.Code));
            json.WriteString("entryRule", FaultReason.Entry(fault));
            json.WriteString("rule", FaultReason.Rule(fault));
        }

        if (record.Signal.Undelivered is { } lost)
        {
            json.WriteString("undelivered", lost.Signal.ToString());
            JsonEvents.Hex(json, "frameStart", record.Signal.Frame.Start.Raw);
            json.WriteNumber("frameBytes", record.Signal.Frame.LengthBytes);
        }

        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, SyscallDetail call)
    {
        json.WriteString("call", call.Name);
        json.WriteString("arguments", call.Arguments);
        json.WriteString("errno", call.Result.Errno.ToString());
        if (call.BadAccess is { } bad)
        {
            JsonEvents.Hex(json, "badAddress", bad.Address.Raw);
            json.WriteString("badKind", FaultText.KindName(bad.Kind));
        }
    }

    private static void WriteThreads(Utf8JsonWriter json, IReadOnlyList<Waiter> threads)
    {
        json.WriteStartArray("threads");
        foreach (Waiter thread in threads)
        {
            json.WriteStartObject();
            json.WriteString("name", thread.Thread.Name);
            json.WriteNumber("tid", thread.Thread.Id);
            json.WriteString("waitsFor", thread.Kind.ToString());
            JsonEvents.Hex(json, "address", thread.Address.Raw);
            json.WriteString("call", thread.Call is { } number ? SyscallTable.NameOf(number) : null);
            json.WriteString("other", thread.Other?.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteKill(Utf8JsonWriter json, MemoryShortage? shortage)
    {
        if (shortage is not { IsKill: true } kill)
        {
            json.WriteNull("kill");
            return;
        }

        json.WriteStartObject("kill");
        json.WriteNumber("t", kill.Time);
        json.WriteString("process", kill.Process);
        json.WriteString("asker", kill.Asker?.ToString());
        json.WriteNumber("bytes", kill.WantedBytes);
        json.WriteNumber("candidates", kill.Candidates);
        json.WriteNumber("resident", kill.Resident);
        json.WriteNumber("swapped", kill.Swapped);
        json.WriteNumber("tables", kill.Tables);
        json.WriteNumber("free", kill.FreePages);
        json.WriteNumber("anonymous", kill.AnonymousPages);
        json.WriteNumber("file", kill.FilePages);
        json.WriteNumber("unevictable", kill.UnevictablePages);
        json.WriteNumber("freeSlots", kill.FreeSlots);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
