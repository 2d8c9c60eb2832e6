using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Huge;

/// <summary>Puts and drops leaves of 2 MiB with all that belongs to them: counts, lists, spare tables.</summary>
internal static class HugeLeaf
{
    /// <summary>Maps a huge page whose content is ready as one of the mapping's own; its spare table is there already.</summary>
    public static void Put(MemorySystem mem, Vma vma, in TableEntry at, PageFrame head)
    {
        Adopt(mem, vma, at.Address, head);
        using TlbGather gather = mem.Gathers.Take(vma.Space.Tag);
        _ = mem.Editor.Write(at, vma.EntryOf(head.Pfn, PteBits.D | PteBits.PS), gather);
    }

    /// <summary>Makes a fresh huge page one of the mapping's own at <paramref name="address"/>, counted and listed; its leaf is still to be written.</summary>
    public static void Adopt(MemorySystem mem, Vma vma, VirtAddr address, PageFrame head)
    {
        mem.Rmap.AdoptAnon(head, vma, address);
        head.Set(PageFlags.Head | PageFlags.UpToDate | (vma.Has(VmFlags.Locked) ? PageFlags.Unevictable : PageFlags.Active));
        ReverseMap.AddHugeMapping(head, vma.Space);
        mem.Lru.Add(head);
    }

    /// <summary>Takes the leaf away, whatever it maps.</summary>
    public static void Drop(MemorySystem mem, AddressSpace space, in TableEntry at, TlbGather gather)
    {
        Pte old = mem.Editor.Write(at, Pte.None, gather);
        SpareTable.Release(mem, space, at.Address);
        if (SoftPteFormat.IsSpecial(old))
        {
            gather.Flush();
            HugeZero.Leave(mem);
            return;
        }

        PageFrame head = mem.Frames[old.LeafFrame(PageSize.Size2M)];
        ReverseMap.DropHugeMapping(head, space);
        gather.Unmapped(head);
    }
}
