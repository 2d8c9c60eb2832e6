using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Huge;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>fork's copy of a huge leaf: both sides map the same huge page, read-only when it is private.</summary>
/// <remarks>Source: [Linux mm/huge_memory.c, copy_huge_pmd; mm/hugetlb.c, copy_hugetlb_page_range].</remarks>
internal static class ForkHuge
{
    /// <summary>Copies the leaf <paramref name="from"/> of <paramref name="vma"/> into <paramref name="copy"/>; false when no table can be had.</summary>
    public static bool TryCopy(MemorySystem mem, Vma vma, Vma copy, in TableEntry from, TlbGather gather)
    {
        bool needsSpare = !vma.Has(VmFlags.HugeTlb);
        if (needsSpare && !SpareTable.TryMake(mem, copy.Space, from.Address))
        {
            return false;
        }

        TableCursor target = mem.Editor.Over(copy.Space.Tables, default);
        if (SpaceTables.Make(mem, copy.Space, ref target, from.Address, PageSize.Size2M) != Descent.Found)
        {
            SpareTable.Release(mem, copy.Space, from.Address);
            return false;
        }

        // Making tables may have reclaimed and split the very page: then its entries are copied one by one.
        TableEntry now = mem.Editor.Find(vma.Space.Tables, from.Address);
        if (now.Level != from.Level)
        {
            SpareTable.Release(mem, copy.Space, from.Address);
            return Fork.TryCopyEntries(mem, vma, copy, from.Range, gather);
        }

        mem.Editor.Fill(target.Slot, from.Address, Share(mem, vma, copy, now, gather), copy.Space.Tag.Id);
        return true;
    }

    /// <summary>Takes RW from a private page, counts the child's mapping, and gives the child's entry.</summary>
    private static Pte Share(MemorySystem mem, Vma vma, Vma copy, in TableEntry from, TlbGather gather)
    {
        Pte entry = from.Entry;
        if (!vma.Has(VmFlags.Shared) && entry.Has(PteBits.P | PteBits.RW))
        {
            entry = entry.Without(PteBits.RW);
            _ = mem.Editor.Write(from, entry, gather);
        }

        if (SoftPteFormat.IsSpecial(entry))
        {
            HugeZero.Share(mem);
        }
        else
        {
            PageFrame head = mem.Frames[entry.LeafFrame(PageSize.Size2M)];
            head.RefCount++;
            ReverseMap.AddHugeMapping(head, copy.Space);
        }

        return entry.Without(PteBits.A);
    }
}
