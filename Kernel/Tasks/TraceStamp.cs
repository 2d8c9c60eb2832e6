using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Tasks;

/// <summary>When and in which process something happened.</summary>
/// <param name="Time">T: instructions retired by the machine.</param>
/// <param name="Cycles">The cycle clock; 0 without timing.</param>
/// <param name="Pid">The process.</param>
public readonly record struct TraceStamp(ulong Time, Cycles Cycles, int Pid);
