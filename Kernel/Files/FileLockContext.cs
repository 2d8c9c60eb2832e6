using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>The locks on one file: each owner's records in order of their ranges, owners in order of their coming.</summary>
/// <remarks>Source: [Linux fs/locks.c, flock_lock_inode, posix_lock_inode].</remarks>
internal sealed class FileLockContext : IStateful
{
    private readonly List<FileLock> _flocks = [];
    private readonly List<FileLock> _records = [];

    /// <summary>All locks: flock's first.</summary>
    public IEnumerable<FileLock> All => [.. _flocks, .. _records];

    /// <summary>True while <paramref name="held"/> is just as it was.</summary>
    public bool Holds(FileLock held) => ListOf(held).Contains(held);

    /// <summary>The first lock that <paramref name="request"/> cannot go with; null for none.</summary>
    public FileLock? Against(FileLock request) => ListOf(request).Find(held => held.Excludes(request));

    /// <summary>The first lock on some byte of <paramref name="request"/> that its owner holds; null for none.</summary>
    public FileLock? Own(FileLock request) => ListOf(request).Find(held => held.IsOfOwnerOf(request) && held.Overlaps(request));

    /// <summary>Takes a lock, changes one or gives one up. What flock changes is given up first, also when the new lock cannot be had.</summary>
    /// <returns>The lock of somebody else that is in the way; null when it is done.</returns>
    public FileLock? TryTake(FileLock request)
    {
        bool isFlock = request.Kind == FileLockKind.Flock;
        if (isFlock && _flocks.Exists(held => held.IsOfOwnerOf(request) && held.Mode == request.Mode))
        {
            return null;
        }

        if (isFlock)
        {
            Drop(_flocks, request.Owner);
        }

        FileLock? against = request.Mode == FileLockMode.None ? null : Against(request);
        if (against is null && !isFlock)
        {
            PutRecord(request);
        }
        else if (against is null && request.Mode != FileLockMode.None)
        {
            _flocks.Add(request);
        }

        return against;
    }

    /// <summary>All that <paramref name="owner"/> holds is given up.</summary>
    public void Drop(IStateful owner)
    {
        Drop(_flocks, owner);
        Drop(_records, owner);
    }

    private static void Drop(List<FileLock> locks, IStateful owner) => locks.RemoveAll(held => ReferenceEquals(held.Owner, owner));

    private List<FileLock> ListOf(FileLock one) => one.Kind == FileLockKind.Flock ? _flocks : _records;

    /// <summary>Puts the owner's records anew: <paramref name="request"/> replaces what it overlaps, and grows by what it touches and is like it.</summary>
    private void PutRecord(FileLock request)
    {
        int at = _records.FindIndex(held => held.IsOfOwnerOf(request));
        at = at < 0 ? _records.Count : at;
        int count = 0;
        FileLock grown = request;
        List<FileLock> next = [];
        while (at + count < _records.Count && _records[at + count].IsOfOwnerOf(request))
        {
            FileLock old = _records[at + count++];
            bool touches = old.First <= request.Last + 1 && request.First <= old.Last + 1;
            if (touches && old.Mode == request.Mode)
            {
                FileLock stays = grown == request ? old : grown;
                grown = stays with { First = Math.Min(old.First, grown.First), Last = Math.Max(old.Last, grown.Last) };
            }
            else
            {
                AddRest(next, old, request);
            }
        }

        if (request.Mode != FileLockMode.None)
        {
            next.Add(grown);
        }

        next.Sort(static (a, b) => a.First.CompareTo(b.First));
        _records.RemoveRange(at, count);
        _records.InsertRange(at, next);
    }

    /// <summary>What is left of <paramref name="old"/> outside of <paramref name="request"/>; of two pieces the first counts as new.</summary>
    private static void AddRest(List<FileLock> rest, FileLock old, FileLock request)
    {
        if (!old.Overlaps(request))
        {
            rest.Add(old);
            return;
        }

        bool goesOn = old.Last > request.Last;
        if (old.First < request.First)
        {
            rest.Add(old with { Last = request.First - 1, Order = goesOn ? request.Order : old.Order });
        }

        if (goesOn)
        {
            rest.Add(old with { First = request.Last + 1 });
        }
    }

    object IStateful.Save(object? last)
    {
        (FileLock[] Flocks, FileLock[] Records)? before = ((FileLock[], FileLock[])?)last;
        return (SavedItems.Of(_flocks, before?.Flocks), SavedItems.Of(_records, before?.Records));
    }

    void IStateful.Restore(object state)
    {
        (FileLock[] flocks, FileLock[] records) = ((FileLock[], FileLock[]))state;
        SavedItems.PutBack(_flocks, flocks);
        SavedItems.PutBack(_records, records);
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        foreach (FileLock held in All)
        {
            visitor.See(held.File);
            visitor.See(held.Owner);
        }
    }
}
