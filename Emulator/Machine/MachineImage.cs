using MmuEmu.Emulator.Memory;

namespace MmuEmu.Emulator.Machine;

/// <summary>A machine between two runs: RAM, all cores, their clocks. It never changes, and shares with others what did not change.</summary>
/// <remarks>
/// It belongs to the machine that gave it (<see cref="CoreSet.Save"/>). Disposing of it gives the pages that it alone holds back at once;
/// else the collector does.
/// </remarks>
public sealed class MachineImage : IDisposable
{
    internal MachineImage(CoreSet machine, RamImage ram, CoreImage[] cores, ulong retired) =>
        (Machine, Ram, Cores, Retired) = (machine, ram, cores, retired);

    /// <summary>The machine's time T at that moment.</summary>
    public ulong Retired { get; }

    /// <summary>Whose it is.</summary>
    internal CoreSet Machine { get; }

    /// <summary>RAM.</summary>
    internal RamImage Ram { get; }

    /// <summary>The cores by number.</summary>
    internal CoreImage[] Cores { get; }

    /// <summary>Shows each page of RAM whose bytes are not what <paramref name="since"/> has there, lowest frame first; null for RAM full of zeros.</summary>
    /// <exception cref="ArgumentException"><paramref name="since"/> is another machine's, or one of the two was disposed of.</exception>
    public void Differences(MachineImage? since, PageSeer see) => Ram.Differences(since?.Ram, see);

    /// <summary>Gives the pages back that no other image holds; it cannot be restored any more.</summary>
    public void Dispose() => Ram.Dispose();
}
