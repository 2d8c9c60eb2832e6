using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>The memory part of <c>fork(2)</c>: a copy whose private pages are shared until one side writes.</summary>
/// <remarks>Source: [Linux kernel/fork.c, dup_mmap; mm/memory.c, copy_one_pte].</remarks>
internal static class Fork
{
    /// <summary>Copies <paramref name="parent"/>.</summary>
    /// <returns>The child's space; ENOMEM when no table can be had, or no node for volatile ranges in a posting that needs one, or a fail point says so; then nothing of the child is left.</returns>
    public static Result<AddressSpace> Copy(MemorySystem mem, AddressSpace parent)
    {
        if (!NewSpace.Create(mem).Has(out AddressSpace? child, out Refusal refusal))
        {
            return refusal;
        }

        (child.Limits, child.Meanings, child.ForbidsHuge) = (parent.Limits, parent.Meanings, parent.ForbidsHuge);
        (child.BrkStart, child.Brk, child.MmapTop) = (parent.BrkStart, parent.Brk, parent.MmapTop);
        ErrnoCause wrong = mem.FailPoints.Strikes(FailKind.Copies) ? ErrnoCause.FailPoint : CopyMappings(mem, parent, child);
        if (wrong == ErrnoCause.None && parent.Volatile is { } ranges)
        {
            child.Volatile = ranges.CopyFor(child);
            wrong = child.Volatile is null ? ErrnoCause.NoRangeNode : ErrnoCause.None;
        }

        if (wrong != ErrnoCause.None)
        {
            ExitSpace.TearDown(mem, child);
            return new Refusal(Errno.ENOMEM, wrong);
        }

        return child;
    }

    private static ErrnoCause CopyMappings(MemorySystem mem, AddressSpace parent, AddressSpace child)
    {
        parent.IsWriteHeld = true;
        using TlbGather gather = mem.Gathers.Take(parent.Tag);
        bool copied = TryCopyAll(mem, parent, child, gather);
        parent.IsWriteHeld = false;
        return copied ? ErrnoCause.None : ErrnoCause.NoFrame;
    }

    private static bool TryCopyAll(MemorySystem mem, AddressSpace parent, AddressSpace child, TlbGather gather)
    {
        for (int i = 0; i < parent.Vmas.Count; i++)
        {
            Vma vma = parent.Vmas[i];
            if (vma.Has(VmFlags.DontCopy))
            {
                continue;
            }

            bool promised = !vma.Has(VmFlags.Account) || Commit.Check(mem, child, vma.Range.PageCount) == Refusal.None;
            if (!promised || !TryCopyVma(mem, vma, child, gather))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryCopyVma(MemorySystem mem, Vma vma, AddressSpace child, TlbGather gather)
    {
        Vma copy = new(child, vma.Range, vma.Flags & ~VmFlags.Locked)
        {
            Backing = vma.Backing,
            PgOff = vma.PgOff,
            Label = vma.Label,
        };
        child.Vmas.Insert(copy);
        if (vma.Has(VmFlags.WipeOnFork))
        {
            return true;
        }

        if (vma.AnonVma is not null)
        {
            copy.Join(vma.AnonVma);
        }

        bool canFaultAgain = vma.Backing is not null && vma.AnonVma is null;
        return canFaultAgain || TryCopyEntries(mem, vma, copy, vma.Range, gather);
    }

    /// <summary>Copies the entries; false when no table can be had.</summary>
    internal static bool TryCopyEntries(MemorySystem mem, Vma vma, Vma copy, VirtRange range, TlbGather gather)
    {
        TableCursor cursor = mem.Editor.Over(vma.Space.Tables, range);
        TableCursor target = mem.Editor.Over(copy.Space.Tables, range);
        while (cursor.MoveNext())
        {
            if (!cursor.IsPte)
            {
                if (!ForkHuge.TryCopy(mem, vma, copy, cursor.Current, gather))
                {
                    return false;
                }

                continue;
            }

            if (!cursor.TryPte(out PteSlot from)
                || SpaceTables.Make(mem, copy.Space, ref target, from.Address) != Descent.Found
                || !target.TryPte(out PteSlot to))
            {
                return false;
            }

            // Making the table may have reclaimed the very page, so the parent's entry is read now.
            Pte entry = mem.Editor.Read(from.Slot);
            if (SoftPteFormat.HasFrame(entry))
            {
                entry = ShareFrame(mem, vma, new RmapSite(copy, from.Address, from.Slot, entry), gather);
            }
            else if (mem.SoftPtes.KindOf(entry) == SoftPteKind.Swap)
            {
                mem.Swap.AddUser(SoftPteFormat.SwapOf(entry));
                copy.Space.Rss.Swap++;
            }

            mem.Editor.Fill(to.Slot, to.Address, entry, copy.Space.Tag.Id);
        }

        return true;
    }

    /// <summary>Makes a private page read-only for the parent, counts the child's mapping, and gives the child's entry.</summary>
    private static Pte ShareFrame(MemorySystem mem, Vma vma, in RmapSite parent, TlbGather gather)
    {
        Pte entry = parent.Entry;
        bool shared = vma.Has(VmFlags.Shared);
        if (!shared && entry.Has(PteBits.P | PteBits.RW))
        {
            entry = entry.Without(PteBits.RW);
            _ = mem.Editor.Write(parent.Slot, parent.Address, entry, gather);
        }

        if (!SoftPteFormat.IsSpecial(entry))
        {
            PageFrame frame = mem.Frames[entry.Frame];
            frame.RefCount++;
            ReverseMap.AddMapping(frame, parent.Space);
        }

        return shared ? entry.Without(PteBits.A | PteBits.D) : entry.Without(PteBits.A);
    }
}
