namespace MmuEmu.Kernel.Tasks;

/// <summary>The value of a futex word that is a lock: its owner's thread id and two flags.</summary>
/// <param name="Raw">All 32 bits.</param>
/// <remarks>Source: [Linux include/uapi/linux/futex.h].</remarks>
internal readonly record struct FutexWord(uint Raw)
{
    /// <summary>FUTEX_WAITERS: the owner has to ask the kernel to unlock.</summary>
    public const uint Waiters = 0x8000_0000;

    /// <summary>FUTEX_OWNER_DIED: the owner ended while it held the lock.</summary>
    public const uint OwnerDied = 0x4000_0000;

    private const uint TidMask = 0x3FFF_FFFF;

    /// <summary>The owner's thread id; 0 for none.</summary>
    public int Tid => (int)(Raw & TidMask);

    /// <summary>True when every bit of <paramref name="flags"/> is set.</summary>
    public bool Has(uint flags) => (Raw & flags) == flags;

    /// <summary>The same word with <paramref name="flags"/> set.</summary>
    public FutexWord With(uint flags) => new(Raw | flags);

    /// <summary>The word of a lock that <paramref name="thread"/> holds, with no flags.</summary>
    public static FutexWord HeldBy(UserThread thread) => new((uint)thread.Tid);
}
