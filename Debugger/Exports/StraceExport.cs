using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Exports;

/// <summary>System calls and signals as lines of <c>--strace</c>, and each fault in one line between them.</summary>
internal sealed class StraceExport : IExport
{
    private readonly StreamWriter _writer;
    private readonly TraceText _lines;
    private readonly int _cpus;
    private readonly bool _tellsFaults;
    private readonly EventSource _source;

    /// <summary>A writer of lines.</summary>
    public StraceExport(ExportScene scene)
    {
        _writer = scene.Text();
        _cpus = scene.Plan.Options.Cpus;
        _source = new EventSource(scene);
        _tellsFaults = scene.Kinds.HasFlag(TraceKinds.Fault);
        _lines = new TraceText(_writer, scene.Kinds & ~TraceKinds.Fault, new SoftPteFormat(scene.Plan.Options.Profile), Paint.None, _cpus);
        Wanted = _lines.Wanted | TraceFamilies.MaskOf(scene.Kinds) | TraceMask.Of(KernelEvent.UserEntry);
    }

    /// <inheritdoc/>
    public TraceMask Wanted { get; }

    /// <inheritdoc/>
    public void Begin(MiniKernel kernel) => _source.Begin(kernel);

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        _source.Take(happened);
        if (happened.Detail is not FaultDetail fault)
        {
            if (_lines.Wanted.Has(happened.Kind))
            {
                _lines.Take(happened);
            }
        }
        else if (_tellsFaults)
        {
            TraceStamp stamp = happened.Stamp;
            string cpu = _cpus == 1 ? "" : $" cpu={stamp.Cpu}";
            string place = _source.PlaceAt(stamp.Tid, fault.Rip) is { Length: > 0 } line ? $" at {line}" : "";
            string cycles = stamp.Cycles.Count == 0 ? "" : $" c={stamp.Cycles}";
            _writer.WriteLine($"[{stamp.Tid}] t={stamp.Time}{cpu}{cycles} -- #PF {WalkText.Access(fault.Fault.Code)} {fault.Fault.Cr2} {FaultText.KindName(fault.Kind)} -> {Outcome(fault)}{place}");
        }
    }

    /// <inheritdoc/>
    public void End(ExportEnd end) => _writer.Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
        _source.Dispose();
        _writer.Dispose();
    }

    private static string Outcome(FaultDetail fault) =>
        fault.Signal.Signal != Kernel.Abi.Signal.None ? fault.Signal.Signal.ToString()
        : fault.After.Present ? $"frame 0x{fault.After.Frame.Raw:x}" : $"pte {fault.After}";
}
