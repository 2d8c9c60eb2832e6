using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Memory;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>A machine with the mini-kernel on it: runs guests by looking at why the core stopped.</summary>
public sealed class MiniKernel : IDisposable
{
    private readonly RunLoop _loop;

    internal MiniKernel(KernelOptions options, TaskSystem system, RunHistory history)
    {
        System = system;
        Statistics = new RunStatistics
        {
            Memory = system.Memory.Counters,
            Cores = system.Processors.Cores,
        };
        _loop = new RunLoop(options, system, history, Statistics);
    }

    /// <summary>RAM.</summary>
    public PhysicalMemory Ram => System.Memory.Ram;

    /// <summary>The core of the processor at work.</summary>
    public Core Core => System.Core;

    /// <summary>Memory management.</summary>
    internal MemorySystem Memory => System.Memory;

    /// <summary>Processes, files and clocks.</summary>
    internal TaskSystem System { get; }

    /// <summary>What was counted so far.</summary>
    public RunStatistics Statistics { get; }

    /// <summary>T: instructions retired.</summary>
    public ulong Time => System.Processors.Cores.Retired;

    /// <summary>Runs until the guest ends or <paramref name="stop"/> is reached, whichever comes first.</summary>
    /// <returns>How it ended; calling again after an end gives the same result.</returns>
    public RunResult Run(StopAt stop = default) => _loop.Run(stop);

    /// <summary>SHA-256 of RAM as it is now: two runs with equal digests have left the same bytes in the same frames.</summary>
    /// <returns>32 bytes: over each frame that is not all zero, lowest first, its number in 8 bytes, little-endian, and its content.</returns>
    public byte[] HashRam() => RamDigest.Of(System.Memory);

    /// <summary>Frees the machine.</summary>
    public void Dispose()
    {
        System.Processors.Cores.Dispose();
        Ram.Dispose();
    }
}
