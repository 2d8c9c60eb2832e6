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
        ("all", EveryFamily, "all of these but access"),
    ];

    private const TraceKinds EveryFamily = TraceKinds.Fault | TraceKinds.Walk | TraceKinds.Syscall | TraceKinds.Reclaim
        | TraceKinds.Signal | TraceKinds.Mark | TraceKinds.Task | TraceKinds.Rule;

    /// <summary>The families by name.</summary>
    public static IEnumerable<Word> Words => Array.ConvertAll(Names, n => new Word(n.Name, n.Says));

    /// <summary>The families that <paramref name="list"/> names, separated by commas.</summary>
    /// <exception cref="CommandException">A word is not known.</exception>
    public static TraceKinds Parse(string list)
    {
        TraceKinds kinds = TraceKinds.None;
        foreach (string word in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            kinds |= KindOf(word);
        }

        return kinds;
    }

    private static TraceKinds KindOf(string word)
    {
        foreach ((string name, TraceKinds kind, _) in Names)
        {
            if (name == word)
            {
                return kind;
            }
        }

        throw new CommandException(
            ExitCodes.Usage, $"--trace '{word}': expected {string.Join(", ", Names.Select(n => n.Name))}", "try: --trace fault,signal");
    }
}
