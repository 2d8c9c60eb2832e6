using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Locks;

/// <summary>The locks that tasks hold while they sleep, and by whom: page locks and mmap_sem.</summary>
/// <param name="kind">The kind of mmap_sem.</param>
internal sealed class LockTable(RwsemKind kind) : IStateful
{
    private readonly SortedDictionary<ulong, int> _pages = [];
    private readonly SharedMap<int, MmapSem> _sems = new();

    /// <summary>Pages that threads have locked.</summary>
    public int PagesLocked => _pages.Count;

    /// <summary>Locks a page for a thread.</summary>
    public bool TryLock(PageFrame page, int tid)
    {
        if (!page.TryLock())
        {
            return false;
        }

        _pages[page.Pfn.Raw] = tid;
        return true;
    }

    /// <summary>Unlocks a page.</summary>
    public void Unlock(PageFrame page)
    {
        _ = _pages.Remove(page.Pfn.Raw);
        page.Unlock();
    }

    /// <summary>The thread that holds a page's lock; 0 when none does.</summary>
    public int OwnerOf(Pfn frame) => _pages.GetValueOrDefault(frame.Raw);

    /// <summary>mmap_sem of a space.</summary>
    public MmapSem SemOf(int space)
    {
        if (_sems.Find(space) is not { } sem)
        {
            sem = new MmapSem(kind);
            _sems.Set(space, sem);
        }

        return sem;
    }

    /// <summary>mmap_sem of a space if anybody ever wanted it.</summary>
    public MmapSem? FindSem(int space) => _sems.Find(space);

    /// <summary>The thread is gone: its semaphores are free.</summary>
    public void Forget(int tid)
    {
        foreach (MmapSem sem in _sems.Values)
        {
            sem.Forget(tid);
        }
    }

    object IStateful.Save(object? last) => (KeyValuePair<ulong, int>[])[.. _pages];

    void IStateful.Restore(object state) => SavedItems.PutBack(_pages, (KeyValuePair<ulong, int>[])state);

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(_sems);
        visitor.SeeAll(_sems.Values);
    }
}
