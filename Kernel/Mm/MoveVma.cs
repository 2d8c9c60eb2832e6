using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Huge;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>Moves a mapping and its entries to another address; frames, swap slots and markers travel unchanged.</summary>
/// <remarks>Source: [Linux mm/mremap.c, move_vma, move_page_tables].</remarks>
internal static class MoveVma
{
    /// <summary>Moves <paramref name="plan"/>'s part of <paramref name="vma"/> to <paramref name="place"/>, which is free.</summary>
    /// <returns>The new address; ENOMEM when a table or a mapping too many is needed, and then nothing has moved.</returns>
    public static Result<VirtAddr> Run(in RemapPlan plan, Vma vma, VirtAddr place)
    {
        VirtRange from = VirtRange.Of(plan.Old, plan.OldLength);
        VirtRange to = VirtRange.Of(place, plan.NewLength);
        if (plan.Space.Vmas.Count + 2 >= plan.Space.Limits.MapCount)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.TooManyMappings);
        }

        plan.Space.IsWriteHeld = true;
        ErrnoCause wrong = MakeTables(plan, from, place);
        plan.Space.IsWriteHeld = false;
        if (wrong != ErrnoCause.None)
        {
            return new Refusal(Errno.ENOMEM, wrong);
        }

        Vma moved = Copy(vma, from.Start, to);
        plan.Space.Volatile?.Forget(to, MappingChange.Begins);
        plan.Space.Vmas.Insert(moved);
        if (vma.AnonVma is not null)
        {
            moved.Join(vma.AnonVma);
        }

        using (TlbGather gather = plan.Mem.Gathers.Take(plan.Space.Tag))
        {
            MoveEntries(plan, from, place, gather);
        }

        plan.Space.Volatile?.Moved(from, place);
        Finish(plan, moved, from);
        return place;
    }

    private static Vma Copy(Vma vma, VirtAddr from, VirtRange to) => new(vma.Space, to, vma.Flags)
    {
        Backing = vma.Backing,
        PgOff = vma.IsAnonymous && vma.AnonVma is null ? to.Start.Raw >> 12 : vma.IndexOf(from),
        Label = vma.Label,
    };

    private static void Finish(in RemapPlan plan, Vma moved, VirtRange from)
    {
        bool locked = moved.Has(VmFlags.Locked);
        if (locked)
        {
            plan.Space.LockedPages += moved.Range.PageCount;
        }

        if ((plan.Flags & RemapFlags.DontUnmap) == 0 && !from.IsEmpty)
        {
            _ = Unmap.Range(plan.Mem, plan.Space, from);
        }

        VirtRange range = moved.Range;
        VmaEdit.Join(plan.Space, range);
        if (locked)
        {
            _ = Populate.Range(plan.Mem, plan.Space, range);
        }
    }

    /// <summary>Makes every table that the move will need, so that it cannot fail halfway; huge leaves that cannot move whole are split.</summary>
    /// <returns>None; NoFrame; EntryUnmovable at a larger leaf in the way.</returns>
    private static ErrnoCause MakeTables(in RemapPlan plan, VirtRange from, VirtAddr place)
    {
        HugeSplit.AtBorders(plan.Mem, plan.Space, from);
        ErrnoCause wrong;
        ulong before;
        do
        {
            // A table that is made may cost a huge page elsewhere in the range, whose pieces then need tables too.
            before = plan.Mem.Counters[MmCounter.ThpSplitPage];
            wrong = MakeTablesOnce(plan, from, place);
        }
        while (wrong == ErrnoCause.None && plan.Mem.Counters[MmCounter.ThpSplitPage] != before);
        return wrong;
    }

    private static ErrnoCause MakeTablesOnce(in RemapPlan plan, VirtRange from, VirtAddr place)
    {
        TableCursor cursor = plan.Mem.Editor.Over(plan.Space.Tables, from);
        TableCursor target = plan.Mem.Editor.Over(plan.Space.Tables, default);
        while (cursor.MoveNext())
        {
            VirtAddr to = place + (cursor.Address.Raw - from.Start.Raw);
            PageSize size = cursor.IsPte || !HugePage.IsAligned(to.Raw) ? PageSize.Size4K : PageSize.Size2M;
            Descent met = SpaceTables.Make(plan.Mem, plan.Space, ref target, to, size);
            if (!cursor.IsPte && (size == PageSize.Size4K || met == Descent.Smaller))
            {
                // A table of small pages was left there, or the places differ within 2 MiB.
                _ = HugeSplit.Over(plan.Mem, plan.Space, cursor.Address);
                cursor.Again();
            }
            else if (met != Descent.Found)
            {
                return met == Descent.NoTable ? ErrnoCause.NoFrame : ErrnoCause.EntryUnmovable;
            }
        }

        return ErrnoCause.None;
    }

    private static void MoveEntries(in RemapPlan plan, VirtRange from, VirtAddr place, TlbGather gather)
    {
        TableCursor cursor = plan.Mem.Editor.Over(plan.Space.Tables, from);
        TableCursor target = plan.Mem.Editor.Over(plan.Space.Tables, default);
        while (cursor.MoveNext())
        {
            VirtAddr to = place + (cursor.Address.Raw - from.Start.Raw);
            if (target.Seek(to, cursor.Current.Size) != Descent.Found)
            {
                continue;
            }

            if (!cursor.IsPte)
            {
                SpareTable.Move(plan.Space, cursor.Address, to);
            }

            Pte entry = plan.Mem.Editor.Write(cursor.Current, Pte.None, gather);
            _ = plan.Mem.Editor.Write(target.Current, entry, gather);
        }
    }
}
