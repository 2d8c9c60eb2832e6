using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Exports;

/// <summary>Writes a run in one format.</summary>
internal interface IExport : IDisposable
{
    /// <summary>The kinds of events that it is told.</summary>
    TraceMask Wanted { get; }

    /// <summary>It is told events before the window too, to know what there is when the window begins.</summary>
    bool WantsPast => false;

    /// <summary>Sees each instruction; null for nobody, which is much faster.</summary>
    IInstructionProbe? Probe => null;

    /// <summary>The run is about to begin.</summary>
    void Begin(MiniKernel kernel);

    /// <summary>Takes one event.</summary>
    void Take(in TraceEvent happened);

    /// <summary>The run, or the window, is over; what is left is written.</summary>
    void End(ExportEnd end);
}

/// <summary>How an export ends.</summary>
/// <param name="Time">T of its end.</param>
/// <param name="Reason">Why the run ended, as one word; Window when it went on behind the window.</param>
/// <param name="Status">The guest's exit status as the command would give it; null when the run did not end.</param>
internal sealed record ExportEnd(ulong Time, string Reason, int? Status);
