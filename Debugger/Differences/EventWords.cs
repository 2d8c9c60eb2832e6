using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Differences;

/// <summary>Events as texts: to be compared, and to be read.</summary>
internal static class EventWords
{
    private const TraceKinds Every = TraceKinds.Fault | TraceKinds.Walk | TraceKinds.Syscall | TraceKinds.Reclaim
        | TraceKinds.Signal | TraceKinds.Mark | TraceKinds.Task | TraceKinds.Rule;

    /// <summary>Switches between user code and the kernel: what happens there is told by others.</summary>
    public static readonly TraceMask Silent = TraceMask.Of(KernelEvent.UserEntry, KernelEvent.UserExit, KernelEvent.TerminalSignal);

    /// <summary>All that an event tells, but when by the clock of the processor; equal events have equal texts.</summary>
    public static string Of(TraceEvent happened)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            JsonEvents.Write(json, happened with { Stamp = happened.Stamp with { Cycles = default } });
        }

        return $"{happened.Kind} {happened.Space} {happened.Count} {happened.Number} {happened.Argument} {happened.Old} {happened.New} {happened.Frame} {Encoding.UTF8.GetString(buffer.ToArray())}";
    }

    /// <summary>The first line of what a trace says of it; a call that only begins says so, and what a trace leaves out is named.</summary>
    public static string Line(TraceEvent happened, SoftPteFormat format, int cpus)
    {
        StringWriter text = new() { NewLine = "\n" };
        if (happened is { Kind: KernelEvent.SyscallEntry, Detail: SyscallDetail call })
        {
            return $"[{happened.Stamp.Tid}] t={happened.Stamp.Time} {call.Name}({call.Arguments}) begins";
        }

        if (TraceFamilies.Of(happened.Kind) != TraceKinds.None)
        {
            new TraceText(text, Every | TraceKinds.Boot, format, Paint.None, cpus).Take(happened);
        }

        string line = text.ToString().Split('\n')[0];
        return line.Length > 0 ? line : $"[{happened.Stamp.Tid}] t={happened.Stamp.Time} {MemoryText.KindName(happened.Kind)}";
    }
}
