using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary>What must always hold of huge pages: leaves inside their mappings, counts, spare tables.</summary>
internal static class HugeInvariants
{
    /// <summary>Checks one leaf of 2 MiB and counts it.</summary>
    public static void CheckLeaf(MemorySystem mem, Vma vma, in TableEntry at, Tally tally, SpaceTally seen)
    {
        int space = vma.Space.Tag.Id;
        if (!vma.Range.Contains(at.Range))
        {
            tally.Found.Add($"space {space}: leaf {at.Entry} of {at.Range} sticks out of {vma}");
        }

        if (!vma.Has(VmFlags.HugeTlb))
        {
            seen.SpareTables++;
            if (vma.Space.SpareTables.Find(at.Address.Raw) is null)
            {
                tally.Found.Add($"space {space}: leaf {at.Entry} at {at.Address} has no spare table");
            }
        }

        if (SoftPteFormat.IsSpecial(at.Entry))
        {
            tally.HugeZeros++;
            return;
        }

        Pfn first = at.Entry.LeafFrame(PageSize.Size2M);
        PageFrame head = mem.Frames[first];
        if (!head.Has(PageFlags.Head) || head.Has(PageFlags.HugeTlb) != vma.Has(VmFlags.HugeTlb))
        {
            tally.Found.Add($"space {space}: leaf {at.Entry} at {at.Address} of {head}, which is no such huge page");
        }

        seen.Resident += vma.Has(VmFlags.HugeTlb) ? 0 : HugePage.Frames;
        seen.AnonHuge += vma.Has(VmFlags.HugeTlb) ? 0 : 1;
        seen.HugeTlb += vma.Has(VmFlags.HugeTlb) ? 1 : 0;
        tally.CountMap(first);
        MmInvariants.CheckLeaf(mem, vma, at, first, tally.Found);
    }

    /// <summary>Compares a space's counts of huge pages with its tables.</summary>
    public static void CheckCounts(AddressSpace space, Tally tally, SpaceTally seen)
    {
        (long huge, long pool, int spare) = (space.Rss.AnonHuge, space.Rss.HugeTlb, space.SpareTables.Count);
        if (huge != seen.AnonHuge || pool != seen.HugeTlb || spare != seen.SpareTables)
        {
            tally.Found.Add($"space {space.Tag.Id}: counts {huge} huge pages, {pool} of the pool, {spare} spare tables; tables hold {seen.AnonHuge}, {seen.HugeTlb}, {seen.SpareTables}");
        }
    }

    /// <summary>Compares the machine's counts with what all tables hold.</summary>
    public static void CheckMachine(MemorySystem mem, Tally tally)
    {
        if (mem.Huge.ZeroUsers != tally.HugeZeros || mem.Huge.Zero is null != (tally.HugeZeros == 0))
        {
            tally.Found.Add($"the huge zeros count {mem.Huge.ZeroUsers} users; tables hold {tally.HugeZeros}");
        }

        HugePool pool = mem.Huge.Pool;
        if (pool.Free < pool.Reserved || pool.Free > pool.Total || pool.Reserved < 0)
        {
            tally.Found.Add($"the pool of huge pages has {pool.Total}, {pool.Free} free, {pool.Reserved} promised");
        }
    }
}
