using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Memory;

/// <summary>The page faults of one task that got a page, and of the whole it is part of.</summary>
/// <remarks>A fault of a system call's copies counts as one of the program does. Source: [Linux mm/memory.c, mm_account_fault].</remarks>
/// <param name="whole">What its faults count for besides; null for nothing.</param>
internal sealed class FaultAccount(FaultAccount? whole) : IStateful
{
    /// <summary>Faults that found all they needed in RAM.</summary>
    public ulong Minor { get; private set; }

    /// <summary>Faults that had a device read.</summary>
    public ulong Major { get; private set; }

    /// <summary>Counts a fault.</summary>
    public void Add(bool major)
    {
        if (major)
        {
            Major++;
            whole?.Add(major);
            return;
        }

        FaultAccount? account = this;
        do
        {
            account.Minor++;
            account = account.Whole;
        }
        while (account is not null);
    }

    private FaultAccount? Whole => whole;

    object IStateful.Save(object? last) => SavedItems.Same((Minor, Major), last);

    void IStateful.Restore(object state) => (Minor, Major) = ((ulong, ulong))state;

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(whole);
}
