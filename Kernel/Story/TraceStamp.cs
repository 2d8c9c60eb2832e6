using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Story;

/// <summary>When and in which process something happened.</summary>
/// <param name="Time">T: instructions retired by the machine.</param>
/// <param name="Cycles">The cycle clock of the processor; 0 without timing.</param>
/// <param name="Pid">The process.</param>
public readonly record struct TraceStamp(ulong Time, Cycles Cycles, int Pid)
{
    /// <summary>The thread; the process's own id for its first one.</summary>
    public int Tid { get; init; } = Pid;

    /// <summary>The processor, from 0.</summary>
    public int Cpu { get; init; }
}
