using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Memory;
using MmuEmu.Kernel.Rmap;

namespace MmuEmu.Kernel.Boot;

/// <summary>A machine with the mini-kernel on it: runs guests by looking at why the core stopped.</summary>
public sealed class MiniKernel : IDisposable
{
    internal MiniKernel(PhysicalMemory ram, Core core, MemorySystem memory, RunStatistics statistics) =>
        (Ram, Core, Memory, Statistics) = (ram, core, memory, statistics);

    /// <summary>RAM.</summary>
    public PhysicalMemory Ram { get; }

    /// <summary>The processor.</summary>
    public Core Core { get; }

    /// <summary>Memory management.</summary>
    public MemorySystem Memory { get; }

    /// <summary>What was counted so far.</summary>
    public RunStatistics Statistics { get; }

    /// <summary>T: instructions retired.</summary>
    public ulong Time => Core.Retired;

    /// <summary>Runs until the guest ends or <paramref name="stop"/> is reached, whichever comes first.</summary>
    /// <returns>How it ended; calling again after an end gives the same result.</returns>
    public RunResult Run(StopAt stop = default) =>
        new(EndReason.Paused, 0) { Statistics = Statistics, Time = Time, Message = $"nothing runs yet ({stop.Kind})" };

    /// <summary>Frees the machine.</summary>
    public void Dispose()
    {
        Core.Dispose();
        Ram.Dispose();
    }
}
