using System.Diagnostics;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Rmap;

/// <summary>Which entries count as a mapping of a page.</summary>
internal enum RmapWanted
{
    /// <summary>Entries that hold the frame.</summary>
    Present,

    /// <summary>Those, and swap entries that name the page's slot.</summary>
    PresentOrSwapped,

    /// <summary>Those, and the entries of mappings that could have the page and have another, or none.</summary>
    WholeFamily,
}

/// <summary>Finds every entry that maps a page, and keeps the counts of mappings.</summary>
/// <remarks>Source: [Linux mm/rmap.c].</remarks>
internal sealed class ReverseMap(PageTableEditor editor) : IStateful
{
    private readonly SharedMap<ulong, AnonVma> _families = new();
    private readonly SharedMap<ulong, FileMapping> _files = new();
    private ulong _nextId = 1;
    private int _sweepAt = 1024;

    /// <summary>A new family of anonymous pages.</summary>
    public AnonVma NewAnonVma()
    {
        if (_families.Count >= _sweepAt)
        {
            Sweep();
        }

        AnonVma made = new(_nextId++);
        _families.Set(made.Id, made);
        return made;
    }

    /// <summary>A new list of mappings for <paramref name="owner"/>.</summary>
    public FileMapping NewFileMapping(IBacking owner)
    {
        FileMapping made = new(_nextId++, owner);
        _files.Set(made.Id, made);
        return made;
    }

    /// <summary>Makes sure that <paramref name="vma"/> has a family, a neighbour's if they could join later, else a new one.</summary>
    /// <remarks>Source: [Linux mm/rmap.c, anon_vma_prepare].</remarks>
    public AnonVma FamilyOf(Vma vma)
    {
        if (vma.AnonVma is null)
        {
            vma.Join(NeighbourFamily(vma) ?? NewAnonVma());
        }

        return vma.AnonVma!;
    }

    /// <summary>The family that the page's mapping word leads to; null for other pages (F-054) and once all mappings are gone.</summary>
    public AnonVma? FamilyOf(PageFrame frame) =>
        frame.Mapping.LeadsToAnonVma ? _families.Find(frame.Mapping.Id) : null;

    /// <summary>The mappings of the file that the page belongs to, or null.</summary>
    public FileMapping? FileOf(PageFrame frame) => frame.Mapping.IsFile ? _files.Find(frame.Mapping.Id) : null;

    /// <summary>The mappings of all files that live, in no order that holds.</summary>
    public IReadOnlyCollection<FileMapping> Files => _files.Values;

    /// <summary>The mappings of every file that there is, in the order of their numbers.</summary>
    public List<FileMapping> AllFiles()
    {
        List<FileMapping> files = [.. _files.Values];
        files.Sort(static (one, other) => one.Id.CompareTo(other.Id));
        return files;
    }

    /// <summary>The file vanishes; no page of it is left.</summary>
    public void Forget(FileMapping file) => _files.Remove(file.Id);

    /// <summary>Makes <paramref name="frame"/> an anonymous page of <paramref name="vma"/> at <paramref name="address"/>.</summary>
    public void AdoptAnon(PageFrame frame, Vma vma, VirtAddr address)
    {
        frame.Mapping = MappingWord.OfAnon(FamilyOf(vma).Id);
        frame.Index = vma.IndexOf(address);
        frame.Set(PageFlags.SwapBacked);
    }

    /// <summary>Counts one more entry of <paramref name="space"/> that holds the page.</summary>
    public static void AddMapping(PageFrame frame, AddressSpace space)
    {
        frame.MapCount++;
        Count(frame, space, 1);
        space.Rss.NotePeak();
    }

    /// <summary>Counts one entry of <paramref name="space"/> fewer.</summary>
    public static void DropMapping(PageFrame frame, AddressSpace space)
    {
        Debug.Assert(frame.MapCount > 0, "the page is not mapped");
        frame.MapCount--;
        Count(frame, space, -1);
    }

    /// <summary>Appends every place of the page to <paramref name="sites"/>, in the order in which its mappings came to be.</summary>
    /// <remarks>A huge page has one place a mapping, the leaf that maps all of it; a page of 4 KiB has none under a larger leaf.</remarks>
    public void Collect(PageFrame frame, RmapWanted wanted, List<RmapSite> sites)
    {
        IReadOnlyList<Vma>? vmas = FamilyOf(frame)?.Vmas ?? FileOf(frame)?.Vmas;
        if (vmas is null)
        {
            return;
        }

        if (frame.Has(PageFlags.Head))
        {
            CollectHuge(frame, vmas, sites);
            return;
        }

        for (int i = 0; i < vmas.Count; i++)
        {
            Vma vma = vmas[i];
            if (!vma.TryAddressOf(frame.Index, out VirtAddr address))
            {
                continue;
            }

            bool found = editor.FindPte(vma.Space.Tables, address, out PteSlot pte) == Descent.Found;
            if (wanted == RmapWanted.WholeFamily || (found && Maps(pte.Entry, frame, wanted)))
            {
                sites.Add(new RmapSite(vma, address, found ? pte.Slot : default, found ? pte.Entry : Pte.None));
            }
        }
    }

    /// <summary>Counts one more leaf of <paramref name="space"/> that holds the huge page.</summary>
    public static void AddHugeMapping(PageFrame head, AddressSpace space)
    {
        head.MapCount++;
        CountHuge(head, space, 1);
        space.Rss.NotePeak();
    }

    /// <summary>Counts one leaf of <paramref name="space"/> fewer.</summary>
    public static void DropHugeMapping(PageFrame head, AddressSpace space)
    {
        Debug.Assert(head.MapCount > 0, "the huge page is not mapped");
        head.MapCount--;
        CountHuge(head, space, -1);
    }

    private static void CountHuge(PageFrame head, AddressSpace space, int change)
    {
        if (head.Has(PageFlags.HugeTlb))
        {
            space.Rss.HugeTlb += change;
            return;
        }

        space.Rss.AnonHuge += change;
        space.Rss.Anon += change * HugePage.Frames;
    }

    private void CollectHuge(PageFrame head, IReadOnlyList<Vma> vmas, List<RmapSite> sites)
    {
        for (int i = 0; i < vmas.Count; i++)
        {
            Vma vma = vmas[i];
            if (!vma.TryAddressOf(head.Index, out VirtAddr address) || !HugePage.IsAligned(address.Raw))
            {
                continue;
            }

            TableEntry at = editor.Find(vma.Space.Tables, address);
            if (at.Level == PagingLevel.Pd && Maps(at.Entry, head, RmapWanted.Present))
            {
                sites.Add(new RmapSite(vma, address, at.Slot, at.Entry, PageSize.Size2M));
            }
        }
    }

    /// <summary>True when <paramref name="entry"/> holds the page, or names its slot where that counts.</summary>
    public static bool Maps(Pte entry, PageFrame frame, RmapWanted wanted)
    {
        if (SoftPteFormat.HasFrame(entry))
        {
            return entry.Frame == frame.Pfn && !SoftPteFormat.IsSpecial(entry);
        }

        return wanted == RmapWanted.PresentOrSwapped
            && frame.Has(PageFlags.SwapCache)
            && entry == SoftPteFormat.OfSwap(SwapEntry.OfRaw(frame.Swap));
    }

    private static void Count(PageFrame frame, AddressSpace space, int change)
    {
        if (frame.Mapping.IsAnon)
        {
            space.Rss.Anon += change;
        }
        else if (frame.Has(PageFlags.SwapBacked))
        {
            space.Rss.Shmem += change;
        }
        else
        {
            space.Rss.File += change;
        }
    }

    private static AnonVma? NeighbourFamily(Vma vma)
    {
        VmaTree tree = vma.Space.Vmas;
        return CouldShare(tree.After(vma), vma) ?? CouldShare(tree.Before(vma), vma);
    }

    /// <summary>The neighbour's family when the two differ in access rights alone, so that an mprotect could join them.</summary>
    private static AnonVma? CouldShare(Vma? neighbour, Vma vma)
    {
        if (neighbour?.AnonVma is null || neighbour.Backing != vma.Backing)
        {
            return null;
        }

        (Vma lower, Vma upper) = neighbour.Start.Raw < vma.Start.Raw ? (neighbour, vma) : (vma, neighbour);
        bool contiguous = lower.End == upper.Start && lower.PgOff + lower.Range.PageCount == upper.PgOff;
        return contiguous && ((lower.Flags ^ upper.Flags) & ~VmFlagsOps.Access) == 0 ? neighbour.AnonVma : null;
    }

    private void Sweep()
    {
        List<ulong> empty = [];
        foreach (AnonVma family in _families.Values)
        {
            if (family.Vmas.Count == 0)
            {
                empty.Add(family.Id);
            }
        }

        foreach (ulong id in empty)
        {
            _ = _families.Remove(id);
        }

        _sweepAt = Math.Max(1024, _families.Count * 2);
    }

    object IStateful.Save(object? last) => (_nextId, _sweepAt);

    void IStateful.Restore(object state) => (_nextId, _sweepAt) = ((ulong, int))state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(_families);
        visitor.See(_files);
        visitor.SeeAll(_families.Values);
        visitor.SeeAll(_files.Values);
    }
}
