using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Debugger.Rendering;

/// <summary>The families of <c>--trace</c> by name.</summary>
internal static class TraceKindText
{
    private static readonly (string Name, TraceKinds Kind)[] Names =
    [
        ("fault", TraceKinds.Fault), ("walk", TraceKinds.Walk), ("syscall", TraceKinds.Syscall), ("reclaim", TraceKinds.Reclaim),
        ("signal", TraceKinds.Signal), ("mark", TraceKinds.Mark), ("task", TraceKinds.Task),
        ("all", TraceKinds.Fault | TraceKinds.Walk | TraceKinds.Syscall | TraceKinds.Reclaim | TraceKinds.Signal | TraceKinds.Mark | TraceKinds.Task),
    ];

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
        foreach ((string name, TraceKinds kind) in Names)
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
