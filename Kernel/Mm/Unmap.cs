using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary><c>munmap(2)</c>: takes mappings away with everything in them.</summary>
/// <remarks>Source: [Linux mm/mmap.c, do_munmap].</remarks>
internal static class Unmap
{
    /// <summary>Unmaps every byte of the range; what is not mapped stays so.</summary>
    /// <returns>None; EINVAL when the start is unaligned, the length is 0 or the range leaves user space; ENOMEM when a split needs one mapping too many.</returns>
    public static Refusal Range(MemorySystem mem, AddressSpace space, VirtAddr start, ulong lengthBytes)
    {
        ulong length = VirtRange.PageAlign(lengthBytes);
        if (start.PageOffset != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.StartUnaligned);
        }

        if (lengthBytes == 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.LengthZero);
        }

        bool inside = length != 0 && start.Raw <= VirtRange.TaskSize && length <= VirtRange.TaskSize - start.Raw;
        return inside ? Range(mem, space, VirtRange.Of(start, length)) : new Refusal(Errno.EINVAL, ErrnoCause.BeyondUserSpace);
    }

    /// <summary>Unmaps a page-aligned range of user space.</summary>
    /// <returns>None; ENOMEM when a split needs one mapping too many.</returns>
    internal static Refusal Range(MemorySystem mem, AddressSpace space, VirtRange range)
    {
        if (!space.Vmas.Overlaps(range))
        {
            space.Volatile?.Forget(range, MappingChange.Ends);
            return Refusal.None;
        }

        Refusal refusal = Cut.Out(mem, space, range);
        if (refusal != Refusal.None)
        {
            VmaEdit.Join(space, range);
            return refusal;
        }

        space.Volatile?.Forget(range, MappingChange.Ends);
        using TlbGather gather = mem.Gathers.Take(space.Tag);
        while (space.Vmas.FindAtOrAbove(range.Start) is { } vma && vma.Start.Raw < range.End.Raw)
        {
            Zap.Range(mem, vma, vma.Range, gather);
            RemoveVma(space, vma);
        }

        FreeTables(mem, space, range, gather);
        return Refusal.None;
    }

    /// <summary>Takes an emptied mapping out of the tree.</summary>
    internal static void RemoveVma(AddressSpace space, Vma vma)
    {
        if (vma.Has(VmFlags.Locked))
        {
            space.LockedPages -= vma.Range.PageCount;
        }

        space.Vmas.Remove(vma);
    }

    /// <summary>Frees the tables that no mapping beside the emptied range needs.</summary>
    internal static void FreeTables(MemorySystem mem, AddressSpace space, VirtRange range, TlbGather gather)
    {
        int next = space.Vmas.IndexAtOrAbove(range.Start);
        VirtAddr floor = next > 0 ? space.Vmas[next - 1].End : default;
        VirtAddr ceiling = next < space.Vmas.Count ? space.Vmas[next].Start : new VirtAddr(1UL << 47);
        space.Rss.Tables -= (long)mem.Editor.FreeTables(space.Tables, range, new VirtRange(floor, ceiling), gather);
    }
}
