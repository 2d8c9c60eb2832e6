using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Tracing;

/// <summary>When and where something happened.</summary>
/// <param name="Time">T: instructions retired by the machine before it happened, exact also inside a block.</param>
/// <param name="Cycles">The cycle clock of the processor; 0 without timing.</param>
/// <param name="Cpu">The processor, from 0.</param>
public readonly record struct TraceStamp(ulong Time, Cycles Cycles, int Cpu)
{
    /// <summary>The process on whose behalf, as whoever runs the machine numbers them; 0 without one.</summary>
    public int Pid { get; init; }

    /// <summary>The thread; the process's own id for its first one.</summary>
    public int Tid { get; init; }
}
