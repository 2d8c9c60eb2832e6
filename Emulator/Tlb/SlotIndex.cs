using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Tlb;

/// <summary>The entries of one array by what invalidations ask for, so that one costs what it drops and not what the array could hold.</summary>
/// <remarks>
/// Every entry is in a list with others of its PCID, or in that of the global ones; a piece of a larger page is also in a list
/// by that page. There are fewer lists than PCIDs and pages, so whoever follows one looks at each entry. The links of the
/// first kind lie in the slots, beside what a fill and an eviction touch anyway.
/// </remarks>
internal sealed class SlotIndex
{
    private const int PcidLists = 64;
    private const int Globals = PcidLists;
    private const int PageLists = 256;

    private readonly int[] _owned = new int[PcidLists + 1];
    private readonly int[] _piecesBySize = new int[4];
    private SlotLists? _byPage;
    private int _slots;

    internal SlotIndex(int slots)
    {
        Array.Fill(_owned, SlotLists.None);
        _slots = slots;
    }

    /// <summary>True when one entry may take the other's slot, and nothing is to be noted: they are in the same list and in no other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool AreAlike(in TlbEntry one, in TlbEntry other) => !one.IsPiece && !other.IsPiece && OwnerOf(one) == OwnerOf(other);

    /// <summary>Notes an entry that came into a slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(TlbSlot[] slots, int slot, in TlbEntry entry)
    {
        int list = OwnerOf(entry);
        int next = _owned[list];
        _owned[list] = slot;
        (slots[slot].OwnerBefore, slots[slot].OwnerNext) = (~list, next);
        if (next >= 0)
        {
            slots[next].OwnerBefore = slot;
        }

        if (entry.IsPiece)
        {
            AddPiece(slot, entry);
        }
    }

    /// <summary>Forgets an entry that leaves its slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Remove(TlbSlot[] slots, int slot, in TlbEntry entry)
    {
        (int before, int next) = (slots[slot].OwnerBefore, slots[slot].OwnerNext);
        if (before >= 0)
        {
            slots[before].OwnerNext = next;
        }
        else
        {
            _owned[~before] = next;
        }

        if (next >= 0)
        {
            slots[next].OwnerBefore = before;
        }

        if (entry.IsPiece)
        {
            RemovePiece(slot, entry);
        }
    }

    /// <summary>Forgets all entries at once; false, and nothing is done, when there are pieces among them.</summary>
    internal bool TryClear()
    {
        if (_piecesBySize[(int)PageSize.Size2M] != 0 || _piecesBySize[(int)PageSize.Size1G] != 0)
        {
            return false;
        }

        Array.Fill(_owned, SlotLists.None);
        return true;
    }

    /// <summary>Makes room for more slots.</summary>
    internal void Grow(int slots)
    {
        _slots = slots;
        _byPage?.Grow(slots);
    }

    /// <summary>Finds the entries that an invalidation of more than one page names.</summary>
    /// <param name="what">A scope of one PCID or of all.</param>
    /// <param name="slots">The array's slots.</param>
    /// <param name="named">Takes the slots' numbers; as long as <paramref name="slots"/>.</param>
    /// <returns>How many there are.</returns>
    internal int CollectOwned(in TlbInvalidation what, TlbSlot[] slots, int[] named)
    {
        bool onePcid = what.Scope is TlbScope.Pcid or TlbScope.PcidKeepGlobal;
        int first = onePcid ? what.Pcid & (PcidLists - 1) : 0;
        int end = onePcid ? first + 1 : PcidLists;
        ulong deciding = onePcid ? TlbEntry.PcidField : 0;
        int count = 0;
        for (int list = first; list < end; list++)
        {
            count = CollectList(list, what.Pcid, deciding, slots, named, count);
        }

        bool globalsToo = what.Scope is TlbScope.Pcid or TlbScope.All;
        return globalsToo ? CollectList(Globals, what.Pcid, deciding, slots, named, count) : count;
    }

    /// <summary>Finds the pieces of larger pages that an invalidation of one page names; arguments as of <see cref="CollectOwned"/>.</summary>
    /// <param name="what">A scope of one page.</param>
    /// <param name="slots">The array's slots.</param>
    /// <param name="named">Takes the slots' numbers, from <paramref name="count"/> on.</param>
    /// <param name="count">How many it holds before.</param>
    /// <returns>How many it holds then.</returns>
    internal int CollectPieces(in TlbInvalidation what, TlbSlot[] slots, int[] named, int count)
    {
        for (PageSize size = PageSize.Size2M; size <= PageSize.Size1G; size++)
        {
            int list = PageListOf(what.Address, size);
            if (_piecesBySize[(int)size] != 0)
            {
                count = Collect(_byPage!, list, what, slots, named, count);
            }
        }

        return count;
    }

    /// <summary>Its state as a value; <paramref name="last"/> is an earlier one to share with.</summary>
    internal SlotIndexImage Save(SlotIndexImage? last) =>
        new(ArrayImage.Of(_owned, last?.Owned), ArrayImage.Of(_piecesBySize, last?.PiecesBySize), _byPage?.Save(last?.ByPage), _slots);

    /// <summary>Takes that state again.</summary>
    internal void Restore(SlotIndexImage image)
    {
        image.Owned.CopyTo(_owned.AsSpan());
        image.PiecesBySize.CopyTo(_piecesBySize.AsSpan());
        _slots = image.Slots;
        if (image.ByPage is null)
        {
            _byPage = null;
            return;
        }

        _byPage ??= new SlotLists(PageLists, _slots);
        _byPage.Restore(image.ByPage);
    }

    /// <summary>Finds the entries of one list whose PCID is the wanted one in the deciding bits of the tag.</summary>
    private int CollectList(int list, ulong pcid, ulong deciding, TlbSlot[] slots, int[] named, int count)
    {
        for (int slot = _owned[list]; slot >= 0; slot = slots[slot].OwnerNext)
        {
            if (((slots[slot].Tag ^ pcid) & deciding) == 0)
            {
                named[count++] = slot;
            }
        }

        return count;
    }

    private static int Collect(SlotLists lists, int list, in TlbInvalidation what, TlbSlot[] slots, int[] named, int count)
    {
        for (int slot = lists.First(list); slot >= 0; slot = lists.After(slot))
        {
            if (what.Names(slots[slot].Entry))
            {
                named[count++] = slot;
            }
        }

        return count;
    }

    private void AddPiece(int slot, in TlbEntry entry)
    {
        _byPage ??= new SlotLists(PageLists, _slots);
        _byPage.Add(slot, PageListOf(entry.Address, entry.MappedSize));
        _piecesBySize[(int)entry.MappedSize]++;
    }

    private void RemovePiece(int slot, in TlbEntry entry)
    {
        _byPage!.Remove(slot);
        _piecesBySize[(int)entry.MappedSize]--;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int OwnerOf(in TlbEntry entry) => entry.Global ? Globals : entry.Pcid & (PcidLists - 1);

    /// <summary>Pages of the two sizes have lists apart: an entry is found by one size alone.</summary>
    private static int PageListOf(VirtAddr address, PageSize size) =>
        (int)(((address.Raw >> size.Shift()) << 1) & (PageLists - 1)) | (size == PageSize.Size1G ? 1 : 0);
}
