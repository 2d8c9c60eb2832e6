using System.Diagnostics;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;

namespace MmuEmu.Kernel.Tables;

/// <summary>A leaf of 2 MiB becomes a table of 512 leaves with the same rights, and the other way round.</summary>
/// <remarks>
/// <code>
///  split   leaf ─► none, flushed ─► 512 entries written into the spare table ─► the entry leads to the table
///  join    table ─► none, flushed with the paging-structure caches ─► leaf; the table is the spare one of the leaf
/// </code>
/// No processor can use a page through both at once, which Intel's manual forbids. Source: [SDM3 Paging, "Recommended Invalidation"];
/// [Linux mm/huge_memory.c, __split_huge_pmd_locked; mm/khugepaged.c, collapse_huge_page].
/// </remarks>
internal static class LeafSplit
{
    private const PteBits TableBits = PteBits.P | PteBits.RW | PteBits.US | PteBits.A | PteBits.D;

    /// <summary>Puts <paramref name="table"/> with 512 entries in place of the leaf of 2 MiB at <paramref name="at"/>.</summary>
    /// <param name="editor">Who writes.</param>
    /// <param name="at">The leaf: one that the hardware uses, or one that is present to the kernel alone.</param>
    /// <param name="table">A spare table, of zeros.</param>
    /// <param name="same">The one frame that all entries get; null for the leaf's run of 512.</param>
    /// <param name="gather">Flushes the leaf before an entry takes its place.</param>
    public static void Split(PageTableEditor editor, in TableEntry at, PageFrame table, Pfn? same, TlbGather gather)
    {
        Debug.Assert(at.Size == PageSize.Size2M, "only leaves of 2 MiB are split");
        Pte old = editor.Write(at, Pte.None, gather);
        gather.Flush();
        ulong bits = old.Without(PteBits.PS).Raw & ~Pte.FrameMask;
        Pfn first = same ?? old.LeafFrame(PageSize.Size2M);
        for (uint i = 0; i < HugePage.Frames; i++)
        {
            Pfn frame = same is null ? first + i : first;
            editor.Fill(table.Pfn.EntryAt((int)i), at.Address + ((ulong)i << 12), new Pte((frame.Raw << 12) | bits), gather.Space.Id);
        }

        editor.Fill(at.Slot, at.Address, Pte.Of(table.Pfn, TableBits), gather.Space.Id);
    }

    /// <summary>Puts <paramref name="leaf"/> in place of the table at <paramref name="at"/>, whose entries are all none and flushed.</summary>
    /// <returns>The frame of the table that was there.</returns>
    public static Pfn Join(PageTableEditor editor, in TableEntry at, Pte leaf, TlbGather gather)
    {
        Pfn table = at.Entry.Frame;
        editor.Unhook(at, gather);
        gather.Flush();
        editor.Fill(at.Slot, at.Address, leaf, gather.Space.Id);
        return table;
    }
}
