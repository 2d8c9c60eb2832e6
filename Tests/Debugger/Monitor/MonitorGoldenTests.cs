using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.Debugger.Monitor;

/// <summary>Whole sessions over programs that ship, word for word.</summary>
public sealed class MonitorGoldenTests
{
    [Fact]
    public void A_page_that_was_purged_is_followed_from_its_fault_to_its_purge_and_back() => Check("vrange-recover",
    [
        "where", "tasks", "run to mark pressure", "run to fault", "why", "micro", "ru", "ru", "k", "rk",
        "walk", "walk here w", "walk 0x1", "pte", "vma", "last pte here", "last! pte", "micro", "where", "run to signal SIGBUS", "why", "tlb here",
        "regs", "dis $rip 6", "x $rsp 32", "x here 16", "seek end", "where", "c", "rc",
    ]);

    private static void Check(string line, IEnumerable<string> script)
    {
        using MonitorScript session = new(line);
        GoldenFile.Check(Path.Combine("monitor", $"{line.Replace(' ', '_')}.txt"), session.Play(script));
    }
}
