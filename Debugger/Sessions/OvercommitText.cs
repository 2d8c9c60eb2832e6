using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Sessions;

/// <summary>The modes of <c>--overcommit</c>: the numbers of vm.overcommit_memory.</summary>
internal static class OvercommitText
{
    private static readonly (string Name, Overcommit Mode, string Says)[] Modes =
    [
        ("0", Overcommit.Heuristic, "refuse one wish larger than RAM and swap"), ("1", Overcommit.Always, "promise everything"),
        ("2", Overcommit.Never, "promise no more than swap and half of RAM"),
    ];

    /// <summary>The words of the option.</summary>
    public static IEnumerable<Word> Words => Array.ConvertAll(Modes, m => new Word(m.Name, m.Says));

    /// <summary>The mode that <paramref name="text"/> names.</summary>
    /// <exception cref="CommandException">It names none.</exception>
    public static Overcommit Parse(string text)
    {
        foreach ((string name, Overcommit mode, _) in Modes)
        {
            if (name == text)
            {
                return mode;
            }
        }

        throw new CommandException(
            ExitCodes.Usage, $"--overcommit '{text}': expected 0, 1 or 2, as vm.overcommit_memory of Linux has them", "try: --overcommit 2");
    }
}
