using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Tests.Builders;

/// <summary>Invariant 3: outside a gather no TLB holds a translation that the tables would refuse.</summary>
internal static class TlbSoundness
{
    private static readonly TlbArrayName[] Arrays = [TlbArrayName.Data, TlbArrayName.Code, TlbArrayName.Second];

    /// <summary>Every entry of a living space that maps another frame, or allows more, than a walk would find now.</summary>
    public static IEnumerable<string> Offences(MemorySystem mem, IReadOnlyList<Mmu> mmus) =>
        from cpu in Enumerable.Range(0, mmus.Count)
        from array in Arrays
        from entry in List(mmus[cpu], array)
        let space = mem.Spaces.FirstOrDefault(s => s.Tag.Pcid == entry.Pcid)
        where space is not null
        let offence = OffenceOf(mem, mmus[cpu].Mode, space, entry)
        where offence is not null
        select $"cpu {cpu} {array} {entry.Address} of space {space.Tag.Id}: {offence}";

    private static List<TlbEntry> List(Mmu mmu, TlbArrayName array)
    {
        List<TlbEntry> entries = [];
        mmu.List(array, entries);
        return entries;
    }

    private static string? OffenceOf(MemorySystem mem, in PagingMode mode, AddressSpace space, in TlbEntry entry)
    {
        PagingMode own = mode with { Root = space.Root, Pcid = space.Tag.Pcid, Bits = mode.Bits & ~PagingBits.Smap };
        Access read = new(entry.Address, AccessKind.Read, AccessOrigin.Supervisor);
        if (!PageWalker.TryWalk(mem.Ram, own, WalkStart.AtRoot(own), read, out WalkPath path, out Leaf leaf, out _))
        {
            return $"the walk ends in {path.Last}, the TLB leads to frame {entry.Frame}";
        }

        bool allowsMore = (entry.Rights.Write && !leaf.Rights.Write)
            || (entry.Rights.User && !leaf.Rights.User)
            || (entry.Rights.Execute && !leaf.Rights.Execute)
            || (entry.Dirty && !leaf.Entry.Has(PteBits.D));
        return leaf.FrameOf(entry.Address) != entry.Frame ? $"the walk leads to {leaf}, the TLB to frame {entry.Frame}"
            : allowsMore ? $"the walk leads to {leaf}, the TLB allows {entry}"
            : null;
    }
}
