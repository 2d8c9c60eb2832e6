using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Tables;

/// <summary>Where memory management tells what it did: counted, priced, and told to whoever listens.</summary>
public sealed class MmReport
{
    /// <summary>Counts.</summary>
    public MmCounters Counters { get; } = new();

    /// <summary>Prices; free until somebody sets a list.</summary>
    public IKernelCost Cost { get; set; } = new FreeOfCost();

    /// <summary>Who listens; null for nobody.</summary>
    public IMmEvents? Events { get; set; }

    /// <summary>A leaf entry changed.</summary>
    public void EntryChanged(in MmEvent change)
    {
        EntryWritten(change.Slot);
        Events?.Emit(change);
    }

    /// <summary>An entry of any level was written.</summary>
    public void EntryWritten(PhysAddr slot)
    {
        Counters.Add(MmCounter.PteWrite);
        Cost.EntryWritten(slot);
    }
}
