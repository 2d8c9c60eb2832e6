using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>Pages of a file system of memory, in RAM and in swap, and how many it may have.</summary>
/// <param name="max">At most; 0 for no bound.</param>
/// <remarks>Source: [Linux mm/shmem.c, shmem_inode_acct_blocks].</remarks>
internal sealed class BlockCount(ulong max) : IStateful
{
    /// <summary>Pages at most; 0 for no bound.</summary>
    public ulong Max { get; } = max;

    /// <summary>Pages that files have.</summary>
    public ulong Used { get; private set; }

    /// <summary>Takes one for a file; false when none is left.</summary>
    public bool TryTake()
    {
        bool has = Max == 0 || Used < Max;
        Used += has ? 1UL : 0;
        return has;
    }

    /// <summary>Gives one back.</summary>
    public void Release() => Used--;

    object IStateful.Save(object? last) => SavedItems.Same(Used, last);

    void IStateful.Restore(object state) => Used = (ulong)state;
}
