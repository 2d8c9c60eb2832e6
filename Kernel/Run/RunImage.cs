using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Memory;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Run;

/// <summary>A run between two steps: RAM and processors, and all that the kernel keeps. It never changes, and shares with others what did not change.</summary>
/// <remarks>
/// It belongs to the run that gave it (<see cref="MiniKernel.Save"/>). Disposing of it gives the pages that it alone holds back at once;
/// else the collector does.
/// </remarks>
public sealed class RunImage : IDisposable
{
    internal RunImage(MachineImage machine, KernelImage kernel) => (Machine, Kernel) = (machine, kernel);

    /// <summary>T at that moment: instructions retired.</summary>
    public ulong Time => Machine.Retired;

    /// <summary>Shows each page of RAM whose bytes are not what <paramref name="since"/> has there, lowest frame first; null for RAM full of zeros.</summary>
    /// <exception cref="ArgumentException"><paramref name="since"/> is of another run, or one of the two was disposed of.</exception>
    public void Differences(RunImage? since, PageSeer see) => Machine.Differences(since?.Machine, see);

    /// <summary>The machine.</summary>
    internal MachineImage Machine { get; }

    /// <summary>The kernel's objects.</summary>
    internal KernelImage Kernel { get; }

    /// <summary>Gives the pages back that no other image holds; it cannot be restored any more.</summary>
    public void Dispose() => Machine.Dispose();
}
