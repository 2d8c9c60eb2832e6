using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Windows;

/// <summary>What is counted of windows and of the copies through them.</summary>
internal enum WindowCounter
{
    /// <summary>Windows of the pool opened on frames that had none.</summary>
    KmapHigh,

    /// <summary>Times that the pool went round: flushes on all processors.</summary>
    KmapFlush,

    /// <summary>Interrupts that those flushes sent.</summary>
    FlushIpi,

    /// <summary>Atomic windows opened.</summary>
    KmapAtomic,

    /// <summary>Local invalidations for them.</summary>
    Invlpg,

    /// <summary>Page copies begun.</summary>
    Copies,

    /// <summary>Passes over the user's buffer before a copy.</summary>
    Prefaults,

    /// <summary>User pages pinned.</summary>
    Pinned,

    /// <summary>Most user pages that one task had pinned at once.</summary>
    MostPinned,

    /// <summary>Faults served in an atomic state.</summary>
    AtomicFaults,

    /// <summary>Sleeps in an atomic state.</summary>
    AtomicSleeps,

    /// <summary>Copies that a refused fault has cut short.</summary>
    ShortCopies,

    /// <summary>Copies made once more with a window that may be slept with.</summary>
    SlowCopies,

    /// <summary>Windows moved by the fault handler under a copy.</summary>
    FixUps,

    /// <summary>Moves through a window that leads to another frame than its own.</summary>
    Stolen,

    /// <summary>Stores through a window that led nowhere.</summary>
    Oopses,

    /// <summary>Circles of tasks that wait for one another's locks.</summary>
    LockCycles,

    /// <summary>Looks at the counter that keeps reclaim from an address space.</summary>
    DontUnmapChecks,

    /// <summary>Pages that the counter has kept.</summary>
    DontUnmapKept,

    /// <summary>Times that the killer was asked and did nothing.</summary>
    KillsRefused,

    /// <summary>Allocations that began to wait for a frame.</summary>
    AllocatorWaits,
}

/// <summary>The counts of windows and copies.</summary>
internal sealed class WindowCounters : IStateful
{
    private readonly ulong[] _counts = new ulong[(int)WindowCounter.AllocatorWaits + 1];

    /// <summary>The count of <paramref name="counter"/>.</summary>
    public ulong this[WindowCounter counter] => _counts[(int)counter];

    /// <summary>Adds <paramref name="count"/>.</summary>
    public void Add(WindowCounter counter, ulong count = 1) => _counts[(int)counter] += count;

    /// <summary>Raises a count to <paramref name="count"/> when it is below.</summary>
    public void Raise(WindowCounter counter, ulong count) => _counts[(int)counter] = Math.Max(_counts[(int)counter], count);

    /// <summary>All counts, in the order of <see cref="WindowCounter"/>.</summary>
    public ulong[] ToArray() => [.. _counts];

    object IStateful.Save(object? last) => last is ulong[] same && same.AsSpan().SequenceEqual(_counts) ? last : ToArray();

    void IStateful.Restore(object state) => ((ulong[])state).CopyTo(_counts, 0);
}
