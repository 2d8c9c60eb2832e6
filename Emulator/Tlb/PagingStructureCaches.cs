using System.Diagnostics;
using System.Numerics;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Tlb;

/// <summary>What the walker remembers of entries that point to tables, one cache per level.</summary>
/// <remarks>
/// An entry holds the next table's frame and the rights of its level and all above; never a leaf, never G, D, PAT or a key
/// (T-073). The contents are used, so they can be stale (T-070, T-075). Source: [SDM3 Paging, "Paging-Structure Caches"].
/// </remarks>
internal sealed class PagingStructureCaches
{
    private const int EveryLevel = (1 << (int)PagingLevel.Pd) | (1 << (int)PagingLevel.Pdpt) | (1 << (int)PagingLevel.Pml4) | (1 << (int)PagingLevel.Pml5);

    private readonly TranslationArray?[] _byLevel = new TranslationArray?[6];

    // After a fault the instruction comes again for the same address, and what was forgotten is remembered anew. So the last
    // forgetting is put off: the region that it was for, as a PD tag, or 0.
    private ulong _forgotten;

    /// <summary>Caches of fixed shapes.</summary>
    internal PagingStructureCaches(in PscGeometry geometry)
    {
        _byLevel[(int)PagingLevel.Pd] = ArrayOf(geometry.Pde);
        _byLevel[(int)PagingLevel.Pdpt] = ArrayOf(geometry.Pdpte);
        _byLevel[(int)PagingLevel.Pml4] = ArrayOf(geometry.Pml4e);
        _byLevel[(int)PagingLevel.Pml5] = ArrayOf(geometry.Pml5e);
    }

    private PagingStructureCaches()
    {
        for (PagingLevel level = PagingLevel.Pd; level <= PagingLevel.Pml5; level++)
        {
            _byLevel[(int)level] = TranslationArray.Endless();
        }
    }

    /// <summary>Caches that hold everything they are ever given.</summary>
    internal static PagingStructureCaches Endless() => new();

    /// <summary>The cache of one level's entries; null when the processor has none.</summary>
    internal TranslationArray? Of(PagingLevel level)
    {
        Settle();
        return _byLevel[(int)level];
    }

    /// <summary>Where a walk for an address may begin: below the lowest entry that is remembered, else at the root.</summary>
    internal void StartOf(VirtAddr address, in PagingMode mode, out WalkStart start)
    {
        if (_forgotten != 0)
        {
            if (_forgotten == TlbEntry.TagOf(address, PagingLevel.Pd, mode.Pcid))
            {
                start = WalkStart.AtRoot(mode);
                return;
            }

            Settle();
        }

        PagingLevel root = mode.RootLevel;
        for (PagingLevel level = PagingLevel.Pd; level <= root; level++)
        {
            TranslationArray? cache = _byLevel[(int)level];
            if (cache is not null && cache.Use(TlbEntry.TagOf(address, level, mode.Pcid)) is var value and not 0)
            {
                TlbEntry entry = new(0, value);
                start = new WalkStart(level - 1, new Pte(value).Frame, entry.Rights);
                return;
            }
        }

        start = WalkStart.AtRoot(mode);
    }

    /// <summary>Where a walk would begin now; for views, changes nothing.</summary>
    internal WalkStart PeekStart(VirtAddr address, in PagingMode mode)
    {
        for (PagingLevel level = PagingLevel.Pd; level <= mode.RootLevel; level++)
        {
            ulong tag = TlbEntry.TagOf(address, level, mode.Pcid);
            if (_byLevel[(int)level] is { } cache && !IsForgotten(tag, level) && cache.Find(tag) is >= 0 and int slot)
            {
                ulong value = cache.Slots[slot].Value;
                return new WalkStart(level - 1, new Pte(value).Frame, new TlbEntry(0, value).Rights);
            }
        }

        return WalkStart.AtRoot(mode);
    }

    /// <summary>Remembers the entries of a walk that point to tables; all of them have A=1 by now (T-005).</summary>
    /// <param name="address">The address walked for.</param>
    /// <param name="mode">The PCID.</param>
    /// <param name="start">Where the walk began.</param>
    /// <param name="path">What it read: tables, and last the leaf or what ended the walk.</param>
    internal void Remember(VirtAddr address, in PagingMode mode, in WalkStart start, in WalkPath path)
    {
        if (_forgotten != TlbEntry.TagOf(address, PagingLevel.Pd, mode.Pcid))
        {
            Settle();
        }

        (ulong region, _forgotten) = (_forgotten, 0);
        int tables = path.Count - 1;
        Rights rights = start.Rights;
        for (int i = 0; i < tables; i++)
        {
            ref readonly WalkStep step = ref path[i];
            rights = rights.Narrow(step.Entry);
            _byLevel[(int)step.Level]?.Put(TlbEntry.TagOf(address, step.Level, mode.Pcid), TlbEntry.ValueOf(step.Entry, rights));
        }

        if (region != 0)
        {
            int remembered = ((1 << tables) - 1) << ((int)start.Level - tables + 1);
            Drop(region, EveryLevel & ~remembered);
        }
    }

    /// <summary>Forgets what a walk for one address would use (T-016).</summary>
    internal void Forget(VirtAddr address, ushort pcid)
    {
        Settle();
        _forgotten = TlbEntry.TagOf(address, PagingLevel.Pd, pcid);
    }

    /// <summary>Forgets everything of one PCID.</summary>
    internal void ForgetPcid(ushort pcid) => Forget(TlbInvalidation.PcidKeepGlobal(pcid));

    /// <summary>Forgets everything.</summary>
    internal void ForgetAll() => Forget(TlbInvalidation.All);

    /// <summary>The caches by level as values; <paramref name="last"/> are earlier ones to share with.</summary>
    internal (TranslationArrayImage?[] ByLevel, ulong Forgotten) Save(TranslationArrayImage?[]? last)
    {
        TranslationArrayImage?[] byLevel = new TranslationArrayImage?[_byLevel.Length];
        for (int level = 0; level < byLevel.Length; level++)
        {
            byLevel[level] = _byLevel[level]?.Save(last?[level]);
        }

        return (byLevel, _forgotten);
    }

    /// <summary>Takes that state again.</summary>
    internal void Restore(TranslationArrayImage?[] byLevel, ulong forgotten)
    {
        for (int level = 0; level < byLevel.Length; level++)
        {
            _byLevel[level]?.Restore(byLevel[level]!);
        }

        _forgotten = forgotten;
    }

    /// <summary>True when the last forgetting, which may still be put off, was for a region that uses this entry.</summary>
    private bool IsForgotten(ulong tag, PagingLevel level)
    {
        TlbEntry region = new(_forgotten, 0);
        return _forgotten != 0 && TlbEntry.TagOf(region.Address, level, region.Pcid) == tag;
    }

    /// <summary>Does what the last forgetting has put off.</summary>
    private void Settle()
    {
        if (_forgotten != 0)
        {
            Drop(_forgotten, EveryLevel);
            _forgotten = 0;
        }
    }

    /// <summary>Drops the entries of a region that some levels hold, one bit for each level.</summary>
    private void Drop(ulong region, int levels)
    {
        TlbEntry lowest = new(region, 0);
        for (; levels != 0; levels &= levels - 1)
        {
            PagingLevel level = (PagingLevel)BitOperations.TrailingZeroCount(levels);
            if (_byLevel[(int)level] is { Count: > 0 } cache
                && cache.Find(TlbEntry.TagOf(lowest.Address, level, lowest.Pcid)) is >= 0 and int slot)
            {
                cache.RemoveAt(slot);
            }
        }
    }

    private void Forget(in TlbInvalidation what)
    {
        Settle();
        foreach (TranslationArray? cache in _byLevel)
        {
            cache?.DropOwned(what);
        }
    }

    private static TranslationArray? ArrayOf(in TlbShape shape)
    {
        // What is remembered anew keeps its slot where forgetting it was put off, and would take the first empty one else: with LRU no difference.
        Debug.Assert(shape.Entries == 0 || shape.Policy == Replacement.Lru, "another policy would show that forgetting was put off");
        return shape.Entries > 0 ? new TranslationArray(shape) : null;
    }
}
