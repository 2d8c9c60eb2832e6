namespace MmuEmu.Emulator.Tracing;

/// <summary>Sees what happens: a trace, a report, a debugger, a test. Events come in the order in which things happen.</summary>
public interface ITraceSink
{
    /// <summary>The kinds that are wanted; asked when the sink is set, and by a kernel again after each signal. Others may come too.</summary>
    TraceMask Wanted => TraceMask.All;

    /// <summary>Takes one event.</summary>
    /// <remarks>RAM written here is seen by the MMU's next step, as if another core had written it; nothing else may be changed.</remarks>
    void Take(in TraceEvent happened);
}
