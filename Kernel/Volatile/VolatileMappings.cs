using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>Volatility of one address space as a property of its mappings: they are split for it, and the entries alone know what was purged (V-128).</summary>
/// <remarks>It lives and dies with the mappings, so nothing is kept here. Source: [vrange v11 2/3, v12 1/5], [MADV_VOLATILE v14 2/4].</remarks>
internal sealed class VolatileMappings(AddressSpace space, MemorySystem mem, RangePurger purger) : IVolatileRanges, IVolatileOwner, IWholeOfParts
{
    private const VmFlags NeverPurged = VmFlags.Locked | VmFlags.HugeTlb | VmFlags.MixedMap | VmFlags.Shared | VmFlagsOps.Special;

    /// <inheritdoc/>
    public bool IsBusy => space.IsWriteHeld;

    /// <inheritdoc/>
    public ulong OfferPages(ByteInterval bytes, PagePurge purge, ReclaimReason reason) =>
        SpacePages.Offer(mem, space, VirtRange.Of(new VirtAddr(bytes.First), bytes.LengthBytes), purge, purger, reason);

    /// <inheritdoc/>
    public bool IsVolatile(Vma vma, VirtAddr address) => vma.Has(VmFlags.Volatile) && !vma.Flags.HasAny(NeverPurged);

    /// <inheritdoc/>
    /// <remarks>A purged entry that an earlier volatility left behind counts again once the mapping is volatile again (V-096).</remarks>
    public bool IsPurged(Vma vma, VirtAddr address) => vma.Has(VmFlags.Volatile);

    /// <inheritdoc/>
    public bool HasRange(VirtRange range)
    {
        int at = space.Vmas.IndexAtOrAbove(range.Start);
        while (at < space.Vmas.Count && space.Vmas[at].Start.Raw < range.End.Raw)
        {
            if (space.Vmas[at++].Has(VmFlags.Volatile))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public Refusal Mark(VirtRange range, bool partly = false)
    {
        Refusal refused = Change(range, VmFlags.Volatile);
        if (refused == Refusal.None && purger.Traits.MarksAccessed)
        {
            MakeYoung(range);
        }

        return refused;
    }

    /// <inheritdoc/>
    public Refusal Unmark(VirtRange range, out bool purged)
    {
        VirtRange looked = purger.Traits.Losses == LossScope.WholeMapping && space.FindVma(range.Start) is { } vma ? vma.Range : range;
        Refusal refused = Change(range, VmFlags.None);
        purged = refused == Refusal.None && FindPurged(looked);
        return refused;
    }

    /// <inheritdoc/>
    /// <remarks>The entry says it.</remarks>
    public void MarkPurged(VirtAddr address)
    {
    }

    /// <inheritdoc/>
    public ulong PurgeNow(VirtRange range)
    {
        ulong freed = 0;
        for (int at = space.Vmas.IndexAtOrAbove(range.Start); at < space.Vmas.Count && space.Vmas[at].Start.Raw < range.End.Raw; at++)
        {
            if (space.Vmas[at] is var vma && IsVolatile(vma, vma.Start))
            {
                VirtRange part = range.Intersect(vma.Range);
                freed += purger.PurgePages(this, ByteInterval.Of(part.Start.Raw, part.LengthBytes), ReclaimReason.Direct);
            }
        }

        return freed;
    }

    /// <inheritdoc/>
    /// <remarks>The property went with the mapping, and no new one has it (V-186).</remarks>
    public void Forget(VirtRange range, MappingChange change)
    {
    }

    /// <inheritdoc/>
    /// <remarks>The mapping took its property along, and its entries (V-186).</remarks>
    public void Moved(VirtRange from, VirtAddr to)
    {
    }

    /// <inheritdoc/>
    public IVolatileRanges CopyFor(AddressSpace child) => new VolatileMappings(child, mem, purger);

    /// <inheritdoc/>
    public void Closed()
    {
    }

    private Refusal Change(VirtRange range, VmFlags to)
    {
        if (space.FindVma(range.Start) is not { } vma || (vma.Flags & VmFlags.Volatile) == to)
        {
            return Refusal.None;
        }

        Refusal refused = VmaEdit.Isolate(space, range);
        if (refused == Refusal.None)
        {
            Vma part = space.FindVma(range.Start)!;
            part.Flags = (part.Flags & ~VmFlags.Volatile) | to;
        }

        VmaEdit.Join(space, range);
        return refused;
    }

    /// <summary>Looks at every entry, and clears purged ones where the posting does so at once (V-088, V-131).</summary>
    private bool FindPurged(VirtRange range)
    {
        bool found = false;
        mem.Cost?.Charge(KernelPath.PtePerPage, range.PageCount);
        using TlbGather gather = mem.Gathers.Take(space.Tag);
        TableCursor cursor = mem.Editor.Over(space.Tables, range);
        while (cursor.MoveNext())
        {
            if (cursor.TryPte(out PteSlot at) && mem.SoftPtes.KindOf(at.Entry) == SoftPteKind.Purged)
            {
                found = true;
                if (purger.Traits.ClearsPurged)
                {
                    _ = mem.Editor.Write(at, Pte.None, gather);
                }
            }
        }

        return found;
    }

    /// <summary>Counts every page as used once more, so that the pages of the range grow old together (V-166).</summary>
    /// <remarks>Source: [Linux mm/swap.c, mark_page_accessed].</remarks>
    private void MakeYoung(VirtRange range)
    {
        mem.Cost?.Charge(KernelPath.PtePerPage, range.PageCount);
        TableCursor cursor = mem.Editor.Over(space.Tables, range);
        while (cursor.MoveNext())
        {
            if (!cursor.TryPte(out PteSlot at) || !SoftPteFormat.HasFrame(at.Entry) || SoftPteFormat.IsSpecial(at.Entry))
            {
                continue;
            }

            PageFrame frame = mem.Frames[at.Entry.Frame];
            if (frame.Has(PageFlags.Referenced | PageFlags.Lru) && !frame.Has(PageFlags.Active) && !frame.Has(PageFlags.Unevictable))
            {
                mem.Lru.Move(frame, PageFlags.Active, PageFlags.Referenced);
            }
            else
            {
                frame.Set(PageFlags.Referenced);
            }
        }
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(space);
        visitor.See(purger);
    }
}
