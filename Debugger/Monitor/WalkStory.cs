using MmuEmu.Debugger.Matrix;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Monitor;

/// <summary>What the processor does for an access, in words.</summary>
/// <param name="mode">The control state.</param>
/// <param name="format">What entries that are not present mean to the kernel.</param>
internal sealed class WalkStory(PagingMode mode, SoftPteFormat format)
{
    /// <summary>One line.</summary>
    public string Short(MicroStep step, in TraceEvent happened) => (step.Kind, happened.Detail) switch
    {
        (MicroKind.Canonical, WalkDetail walk) => $"{AccessOf(walk.Access)} of {walk.Access.Address}: the address is canonical",
        (MicroKind.Tlb, WalkDetail) => step.Part == 0 ? "TLB: miss" : $"TLB level {step.Part}: a translation that is not enough",
        (MicroKind.StructureCache, WalkDetail walk) => walk.Above.Count == 0
            ? $"paging-structure caches: miss, start at CR3 {mode.Root.Base}"
            : $"paging-structure caches: hit, {walk.Above.Last.Level.EntryName()} and all above need not be read",
        (MicroKind.Entry, WalkDetail walk) => EntryLine(walk, step.Part),
        (MicroKind.Verdict, WalkDetail walk) => VerdictLine(walk),
        _ => EventLine(happened),
    };

    /// <summary>One sentence or two.</summary>
    public string Sentence(MicroStep step, in TraceEvent happened) => (step.Kind, happened.Detail) switch
    {
        (MicroKind.Canonical, WalkDetail) =>
            $"Bits 63 to {mode.AddressBits - 1} of the address are all equal, so it can be translated; otherwise the access would be #GP without a walk.",
        (MicroKind.Tlb, WalkDetail walk) => TlbSentence(step.Part, walk.Access),
        (MicroKind.StructureCache, WalkDetail walk) => walk.Above.Count == 0
            ? "No cache knows an upper entry for this address, so the walk reads all levels, from the root table that CR3 names."
            : $"A cache remembers what the upper entries said, so the walk begins in the {NextTable(walk.Above.Last.Level)} and reads {CountOf(walk.Path.Count, "entry", "entries")}.",
        (MicroKind.Entry, WalkDetail walk) => EntrySentence(walk, step.Part),
        (MicroKind.Verdict, WalkDetail walk) => VerdictSentence(walk),
        _ => EventSentence(happened),
    };

    private static string AccessOf(Access access) => $"{PteText.Of(access.Origin)} {PteText.Of(access.Kind)}";

    private static string TlbSentence(int level, Access access) => level == 0
        ? "No TLB entry answers for this page, so the page tables have to be read."
        : access.IsWrite
            ? "The TLB has the page, but refuses a write or has its D bit clear, so the entry is dropped and the tables decide."
            : "The TLB has the page, but its rights refuse the access, so the entry is dropped and the tables decide.";

    private string EntryLine(WalkDetail walk, int part)
    {
        WalkStep step = walk.Path[part];
        string bits = EntryText.Of(step.Entry, step.Level, format);
        return $"{NameOf(step, walk.Access.Address)} @{step.Slot} {step.Entry}  {bits}{Leads(step)}";
    }

    private static string NameOf(in WalkStep step, VirtAddr address) => $"{step.Level.EntryName()}[{step.Level.IndexOf(address):x3}]";

    private static string Leads(in WalkStep step) => !step.Entry.Present ? ""
        : step.Entry.IsLeafAt(step.Level) ? $" -> page {step.Entry.LeafFrame(step.Level.LeafSize()).Base}"
        : $" -> table {step.Entry.Frame.Base}";

    private string EntrySentence(WalkDetail walk, int part)
    {
        WalkStep step = walk.Path[part];
        string read = $"Bits {step.Level.Shift() + 8} to {step.Level.Shift()} of the address choose entry 0x{step.Level.IndexOf(walk.Access.Address):x} of the {TableOf(step.Level)}.";
        if (!step.Entry.Present)
        {
            return $"{read} P is clear: the walk ends here, and the processor looks at no other bit.";
        }

        if (PteText.ViolationsOf(step.Entry, step.Level, mode) != 0)
        {
            return $"{read} A reserved bit is set: the walk ends here.";
        }

        string go = step.Entry.IsLeafAt(step.Level) ? "It maps the page itself, so the walk is over" : $"It leads on to the {NextTable(step.Level)}";
        return $"{read} {go}; the rights so far are {RightsText(RightsUpTo(walk, part))}.";
    }

    /// <summary>All levels together: W and U only when every one has them, X unless one has XD.</summary>
    private static Rights RightsUpTo(WalkDetail walk, int part)
    {
        Rights rights = Rights.All;
        for (int i = 0; i < walk.Above.Count; i++)
        {
            rights = rights.Narrow(walk.Above[i].Entry);
        }

        for (int i = 0; i <= part; i++)
        {
            rights = rights.Narrow(walk.Path[i].Entry);
        }

        return rights;
    }

    private static string RightsText(Rights rights) =>
        $"read{(rights.Write ? ", write" : "")}{(rights.Execute ? ", execute" : "")}{(rights.User ? ", for user code too" : ", for the kernel only")}";

    /// <summary>The first entry that refuses the access; null when none does.</summary>
    private (WalkStep Step, AccessRule Rule)? Refusal(WalkDetail walk)
    {
        for (int i = 0; i < walk.Above.Count + walk.Path.Count; i++)
        {
            WalkStep step = i < walk.Above.Count ? walk.Above[i] : walk.Path[i - walk.Above.Count];
            AccessRule rule = PteText.RuleOf(step.Entry, step.Level, mode, walk.Access);
            if (rule != AccessRule.None)
            {
                return (step, rule);
            }
        }

        return null;
    }

    private string VerdictLine(WalkDetail walk) => Refusal(walk) is { } refused
        ? $"refused: {RuleText.Of(refused.Rule, refused.Step.Entry, refused.Step.Level, mode, walk.Access)}"
        : $"allowed: {AccessOf(walk.Access)} of a page with {RightsText(RightsUpTo(walk, walk.Path.Count - 1))}";

    private string VerdictSentence(WalkDetail walk) => Refusal(walk) is { } refused
        ? $"{RuleStory.Of(refused.Rule)} The processor raises #PF next."
        : "Every level allows the access. The processor sets A where it is clear, D too for a write, and then keeps the translation in the TLB.";

    private static string EventLine(in TraceEvent happened) => happened switch
    {
        { Kind: TraceEventKind.EntryMarked } =>
            $"sets {EntryText.Changes(happened.Old, happened.New)} in {MmuText.LevelOf(happened).EntryName()}[{MmuText.LevelOf(happened).IndexOf(happened.Address):x3}] @{happened.Slot}  {happened.Old} -> {happened.New}",
        { Kind: TraceEventKind.Fill, Detail: WalkDetail walk } => $"TLB fill: {walk.Access.Address.PageBase}{Leads(walk.Path.Last)}",
        { Kind: TraceEventKind.PageFault, Detail: WalkDetail walk } => $"#PF: error code {PteText.CodeOf(walk.Fault.Code)}, CR2 {walk.Fault.Cr2}",
        { Detail: InvalidationDetail left } => $"TLB of processor {happened.Stamp.Cpu} drops {Dropped(left.What)}",
        _ => MmuText.KindName(happened.Kind),
    };

    private static string Dropped(TlbInvalidation what) => what.Scope switch
    {
        TlbScope.None => "nothing",
        TlbScope.StructureCaches => $"the upper entries of pcid {what.Pcid}",
        TlbScope.Page => $"the page {what.Address}, and the upper entries of pcid {what.Pcid}",
        TlbScope.PageKeepGlobal => $"the page {what.Address} of pcid {what.Pcid}, and the upper entries of that",
        TlbScope.PcidKeepGlobal => $"all of pcid {what.Pcid} but global pages",
        TlbScope.Pcid => $"all of pcid {what.Pcid}",
        TlbScope.AllKeepGlobal => "all but global pages",
        TlbScope.All => "everything",
    };

    private static string EventSentence(in TraceEvent happened) => happened switch
    {
        { Kind: TraceEventKind.EntryMarked } when !happened.Old.Has(PteBits.D) && happened.New.Has(PteBits.D) =>
            "The processor itself writes to the table in RAM: D says that the page was written to, so its content must not be thrown away.",
        { Kind: TraceEventKind.EntryMarked } =>
            "The processor itself writes to the table in RAM: A says that the entry was used; the kernel clears it to see whether it is used again.",
        { Kind: TraceEventKind.Fill } => "Later accesses to this page find it in the TLB and read no table, until the entry is dropped.",
        { Kind: TraceEventKind.PageFault, Detail: WalkDetail walk } => $"{RuleStory.Of(walk.Fault.Code)} The instruction has changed nothing; the kernel is entered to deal with it.",
        { Detail: InvalidationDetail } => "The next access there has to read the tables again, and so sees what has changed in them.",
        _ => "",
    };

    private static string TableOf(PagingLevel level) => level switch
    {
        PagingLevel.Pt => "page table (PT)",
        PagingLevel.Pd => "page directory (PD)",
        PagingLevel.Pdpt => "page-directory-pointer table (PDPT)",
        PagingLevel.Pml4 => "PML4 table",
        PagingLevel.Pml5 => "PML5 table",
    };

    private static string NextTable(PagingLevel level) => TableOf(level - 1);

    private static string CountOf(int count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";
}
