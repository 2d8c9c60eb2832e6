using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Huge;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Kernel.Mm;

/// <summary>What MADV_FREE made of a huge leaf.</summary>
internal enum HugeFreeing
{
    /// <summary>The page stays huge and is lazy free as one.</summary>
    Marked,

    /// <summary>It was split: its pages are there to be marked one by one.</summary>
    Split,

    /// <summary>Somebody else has it too, or works on it: nothing changed (F-128).</summary>
    Skipped,
}

/// <summary>MADV_FREE of a huge page.</summary>
/// <remarks>
/// The rules of Linux 4.5 and later hold for the first posting too, whose own path is not known (F-129); the postings between split always (F-125).
/// Source: [Linux mm/huge_memory.c, madvise_free_huge_pmd]; rows F-125 to F-129.
/// </remarks>
internal static class FreeHuge
{
    /// <summary>Marks the page of the leaf <paramref name="at"/>, splits it, or leaves it alone.</summary>
    public static HugeFreeing Mark(in AdviceSite site, in TableEntry at, TlbGather gather)
    {
        if (!at.Entry.Present || SoftPteFormat.IsSpecial(at.Entry))
        {
            return HugeFreeing.Skipped;
        }

        PageFrame head = site.Mem.Frames[at.Entry.LeafFrame(PageSize.Size2M)];
        bool splits = site.Mem.Profile.Has(ProfileSwitches.LazyFreeSplits);
        if (!splits && (head.MapCount != 1 || head.Has(PageFlags.Locked)))
        {
            return HugeFreeing.Skipped;
        }

        if (splits || !site.Part.Contains(at.Range))
        {
            HugeSplit.At(site.Mem, site.Space, at);
            return HugeFreeing.Split;
        }

        _ = site.Mem.Editor.Write(at, at.Entry.Without(PteBits.A | PteBits.D), gather);
        gather.LazyFreed(head);
        return HugeFreeing.Marked;
    }
}
