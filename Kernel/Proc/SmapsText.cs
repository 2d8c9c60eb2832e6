using System.Globalization;
using System.Text;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Proc;

/// <summary>/proc/PID/smaps: what of each mapping is in memory, in KiB, counted in the page tables.</summary>
/// <remarks>Source: [Linux fs/proc/task_mmu.c, show_smap, smaps_pte_entry, smaps_pmd_entry, show_smap_vma_flags].</remarks>
internal sealed class SmapsText(MemorySystem mem, Process process) : ITextSource
{
    private static readonly (VmFlags Flag, string Code)[] Codes =
    [
        (VmFlags.Read, "rd"), (VmFlags.Write, "wr"), (VmFlags.Exec, "ex"), (VmFlags.Shared, "sh"), (VmFlags.MayRead, "mr"), (VmFlags.MayWrite, "mw"),
        (VmFlags.MayExec, "me"), (VmFlags.MayShare, "ms"), (VmFlags.GrowsDown, "gd"), (VmFlags.PfnMap, "pf"), (VmFlags.Locked, "lo"), (VmFlags.SeqRead, "sr"),
        (VmFlags.RandRead, "rr"), (VmFlags.DontCopy, "dc"), (VmFlags.DontExpand, "de"), (VmFlags.Account, "ac"), (VmFlags.NoReserve, "nr"),
        (VmFlags.HugeTlb, "ht"), (VmFlags.WipeOnFork, "wf"), (VmFlags.DontDump, "dd"), (VmFlags.MixedMap, "mm"), (VmFlags.HugePage, "hg"),
        (VmFlags.NoHugePage, "nh"), (VmFlags.Mergeable, "mg"), (VmFlags.UserFault, "uf"),
    ];

    /// <inheritdoc/>
    public string Text()
    {
        StringBuilder text = new();
        foreach (Vma vma in (IEnumerable<Vma>?)process.Memory?.Space.Vmas ?? [])
        {
            text.Append(MapsLine.Of(vma).ToString()).Append('\n');
            Append(text, vma, Count(vma));
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Vma vma, in PageCounts pages)
    {
        void Line(string name, long frames) => text.Append(CultureInfo.InvariantCulture, $"{name + ":",-16}{frames * 4,8} kB\n");
        Line("Size", (long)vma.Range.PageCount);
        Line("KernelPageSize", vma.Has(VmFlags.HugeTlb) ? HugePage.Frames : 1);
        Line("MMUPageSize", vma.Has(VmFlags.HugeTlb) ? HugePage.Frames : 1);
        Line("Rss", pages.Rss);
        Line("Anonymous", pages.Anon);
        Line("LazyFree", pages.LazyFree);
        Line("AnonHugePages", pages.AnonHuge);
        Line(vma.Has(VmFlags.MayShare) ? "Shared_Hugetlb" : "Private_Hugetlb", pages.HugeTlb);
        Line("Swap", pages.Swap);
        text.Append("VmFlags: ");
        foreach ((VmFlags flag, string code) in Codes)
        {
            text.Append(vma.Has(flag) ? code + " " : "");
        }

        text.Append('\n');
    }

    private PageCounts Count(Vma vma)
    {
        PageCounts pages = default;
        TableCursor cursor = mem.Editor.Over(vma.Space.Tables, vma.Range);
        while (cursor.MoveNext())
        {
            if (mem.SoftPtes.KindOf(cursor.Entry) == SoftPteKind.Swap)
            {
                pages.Swap++;
            }
            else if (SoftPteFormat.HasFrame(cursor.Entry) && !SoftPteFormat.IsSpecial(cursor.Entry))
            {
                Add(ref pages, mem.Frames.HeadOf(cursor.Entry.LeafFrame(cursor.Current.Size)));
            }
        }

        return pages;
    }

    private static void Add(ref PageCounts pages, PageFrame frame)
    {
        int count = frame.PageCount;
        if (frame.Has(PageFlags.HugeTlb))
        {
            pages.HugeTlb += count;
            return;
        }

        pages.Rss += count;
        pages.Anon += frame.Mapping.IsAnon ? count : 0;
        pages.LazyFree += frame.Mapping.IsLazyFree ? count : 0;
        pages.AnonHuge += frame.Has(PageFlags.Head) ? count : 0;
    }

    private struct PageCounts
    {
        public long Rss;
        public long Anon;
        public long LazyFree;
        public long AnonHuge;
        public long HugeTlb;
        public long Swap;
    }
}
