using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>The families of <c>--trace</c> by name.</summary>
internal static class TraceKindText
{
    private static readonly (string Name, TraceKinds Kind, string Says)[] Names =
    [
        ("fault", TraceKinds.Fault, "page faults, each with its walk"),
        ("walk", TraceKinds.Walk, "every walk of the page tables, the A and D bits it sets, and what leaves the TLB"),
        ("access", TraceKinds.Access, "every data access, with its physical address; the look-aside is off"),
        ("syscall", TraceKinds.Syscall, "system calls, with arguments and results"),
        ("reclaim", TraceKinds.Reclaim, "memory management: frames, entries, flushes, purges, swap"),
        ("signal", TraceKinds.Signal, "signals, and what became of them"),
        ("mark", TraceKinds.Mark, "marks that the guest sets"),
        ("task", TraceKinds.Task, "processes and threads that begin and end"),
        ("rule", TraceKinds.Rule, "pressure rules as they fire"),
        ("copy", TraceKinds.Copy, "copies between user memory and file pages at their points, and their mishaps; with --profile copy=cN"),
        ("boot", TraceKinds.Boot, "the kernel's work before the first process, event by event instead of one line; alone with walk and reclaim"),
        (All, EveryFamily, "all of these but access and boot"),
    ];

    /// <summary>The word for all of them.</summary>
    public const string All = "all";

    private const TraceKinds EveryFamily = TraceKinds.Fault | TraceKinds.Walk | TraceKinds.Syscall | TraceKinds.Reclaim
        | TraceKinds.Signal | TraceKinds.Mark | TraceKinds.Task | TraceKinds.Rule | TraceKinds.Copy;

    /// <summary>The families by name.</summary>
    public static IEnumerable<Word> Words => Array.ConvertAll(Names, n => new Word(n.Name, n.Says));

    /// <summary>Those of <paramref name="kinds"/>, each by its own name.</summary>
    public static IEnumerable<Word> WordsOf(TraceKinds kinds) => Names
        .Where(n => n.Kind != EveryFamily && kinds.HasFlag(n.Kind)).Select(n => new Word(n.Name, n.Says));

    /// <summary>The option's name.</summary>
    public const string Option = "--trace";

    /// <summary>The word that asks for <see cref="Explain"/> instead of a run.</summary>
    public const string Help = "help";

    /// <summary>The kinds, and how their lines are read.</summary>
    public static IEnumerable<string> Explain() =>
    [
        "--trace KINDS, separated by commas:",
        .. Names.Select(n => $"  {n.Name,-8} {n.Says}"),
        "",
        .. Legend,
    ];

    private static readonly string[] Legend =
    [
        "A line:   [TID] t=T [cpu=N] [c=CYCLES] what happened; T counts instructions retired; TID 0 is the kernel before the first process",
        "Entries:  PML4E > PDPTE > PDE > PTE, each with [index] in its table, @place in RAM, value, bits that are set",
        "  *       the walk read this entry          ~  a paging-structure cache served it: not read, shown as the tables have it",
        "  P present  W write (RW)  U user (US)  A accessed  D dirty  G global  NX no execute (XD)  PS large page  PWT PCD memory type",
        "          D and G are not shown in entries that point to tables: the processor ignores them there",
        "Faults:   #PF who what ADDRESS err CODE [P W U RSVD I PK] rip RIP kind -> the entry afterwards, or the signal",
        "          capitals are set: P a present entry refused (p: none was present)  W write  U user  RSVD reserved bit  I fetch  PK protection key",
        "Changes:  sets D 0->1 in PTE[008]: the processor set bits in an entry; pte … old -> new (A 1->0): the kernel wrote one",
        "Reclaim:  lazy-free (MADV_FREE): marked, then discarded, rescued (D=1: written since) or kept (A=1, mlock, pinned); others: passed over, why",
        "TLB:      tlb drop is what the processor forgot, tlb flush what the kernel asked for",
    ];

    /// <summary>The families that <paramref name="list"/> names, separated by commas; none for null.</summary>
    /// <param name="list">The list.</param>
    /// <param name="option">The option that has it, for messages.</param>
    /// <exception cref="CommandException">A word is not known.</exception>
    public static TraceKinds Parse(string? list, string option = Option)
    {
        TraceKinds kinds = TraceKinds.None;
        foreach (string word in list is null ? [] : list.Split(',', StringSplitOptions.TrimEntries))
        {
            kinds |= KindOf(word, option);
        }

        return kinds == TraceKinds.Boot ? kinds | TraceKinds.Walk | TraceKinds.Reclaim : kinds;
    }

    private static TraceKinds KindOf(string word, string option)
    {
        foreach ((string name, TraceKinds kind, _) in Names)
        {
            if (name == word)
            {
                return kind;
            }
        }

        throw new CommandException(
            ExitCodes.Usage, $"{option} '{word}': expected {string.Join(", ", Names.Select(n => n.Name))}", $"try: {option} fault,signal");
    }
}
