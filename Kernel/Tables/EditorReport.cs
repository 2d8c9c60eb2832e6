using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Tables;

/// <summary>Where the editor tells what it wrote: counted, priced, and told to whoever listens.</summary>
/// <param name="Counters">Counts every write.</param>
/// <param name="Cost">Prices every write.</param>
public sealed record EditorReport(MmCounters Counters, IKernelCost Cost)
{
    /// <summary>Who listens; null for nobody.</summary>
    public IMmEvents? Events { get; set; }

    /// <summary>A leaf entry changed.</summary>
    public void Changed(in MmEvent change)
    {
        Count();
        Events?.Emit(change);
    }

    /// <summary>A table was hung into the table above it.</summary>
    public void TableLinked() => Count();

    /// <summary>A table was taken out of the table above it.</summary>
    public void TableUnlinked() => Count();

    private void Count()
    {
        Counters.Add(MmCounter.PteWrite);
        Cost.Charge(KernelWork.EntryWrite, 1);
    }
}
