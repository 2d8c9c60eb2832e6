using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Huge;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>What became of a huge leaf that remap_anon_pages met.</summary>
internal enum HugeMoving
{
    /// <summary>There is none, or none any more: the page of 4 KiB is to be moved.</summary>
    Small,

    /// <summary>It moved whole.</summary>
    Moved,

    /// <summary>It, or the place that it would go to, forbids the move.</summary>
    Refused,
}

/// <summary>remap_anon_pages of huge pages: two entries of page directories written, no byte copied, nothing split.</summary>
/// <remarks>Rows .</remarks>
internal static class RemapHuge
{
    /// <summary>Moves the huge page at <paramref name="from"/> whole if both places and the length allow it, and splits it if not.</summary>
    /// <returns>None; EEXIST when the destination holds something; EBUSY for a page that others share, or for the zeros; ENOMEM without a table.</returns>
    public static Refusal Try(in PageMove move, VirtAddr from, VirtAddr to, ulong left, out HugeMoving moving)
    {
        moving = HugeMoving.Refused;
        AddressSpace space = move.Source.Space;
        if (move.Mem.Editor.Find(space.Tables, to).Entry.Raw != 0)
        {
            return new Refusal(Errno.EEXIST, ErrnoCause.PlaceTaken);
        }

        if (!HugeSplit.TryLeaf(move.Mem, space, from, out TableEntry leaf))
        {
            moving = HugeMoving.Small;
            return Refusal.None;
        }

        if (SoftPteFormat.IsSpecial(leaf.Entry) || move.Mem.Frames[leaf.Entry.LeafFrame(PageSize.Size2M)].MapCount != 1)
        {
            return new Refusal(Errno.EBUSY, ErrnoCause.PageInUse);
        }

        bool fits = leaf.Address == from && HugePage.IsAligned(to.Raw) && left >= HugePage.Bytes;
        return fits ? MoveWhole(move, from, to, out moving) : Split(move, from, out moving);
    }

    private static Refusal MoveWhole(in PageMove move, VirtAddr from, VirtAddr to, out HugeMoving moving)
    {
        (MemorySystem mem, AddressSpace space) = (move.Mem, move.Source.Space);
        TableCursor target = mem.Editor.Over(space.Tables, default);
        Descent met = SpaceTables.Make(mem, space, ref target, to, PageSize.Size2M);

        // Making tables may have split the very page; and a table of small pages in the way asks for it.
        if (met == Descent.Smaller || !HugeSplit.TryLeaf(mem, space, from, out TableEntry leaf))
        {
            return Split(move, from, out moving);
        }

        moving = HugeMoving.Refused;
        if (met != Descent.Found)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.NoFrame);
        }

        PageFrame head = mem.Frames[leaf.Entry.LeafFrame(PageSize.Size2M)];
        using TlbGather gather = mem.Gathers.Take(space.Tag);
        _ = mem.Editor.Write(leaf, Pte.None, gather);
        gather.Flush();
        if (head.Mapping.IsLazyFree)
        {
            mem.Lru.UncountLazyFree(head);
            if (!head.Has(PageFlags.SwapBacked))
            {
                mem.Lru.Move(head, PageFlags.SwapBacked, PageFlags.None);
            }
        }

        mem.Rmap.AdoptAnon(head, move.Destination, to);
        SpareTable.Move(space, from, to);
        _ = mem.Editor.Write(target.Current, move.Destination.EntryOf(head.Pfn, PteBits.D | PteBits.PS), gather);
        mem.Counters.Add(MmCounter.RemapMovedHuge);
        moving = HugeMoving.Moved;
        return Refusal.None;
    }

    private static Refusal Split(in PageMove move, VirtAddr from, out HugeMoving moving)
    {
        _ = HugeSplit.Over(move.Mem, move.Source.Space, from);
        moving = HugeMoving.Small;
        return Refusal.None;
    }
}
