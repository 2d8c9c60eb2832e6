using MmuEmu.Debugger.Monitor;
using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.Debugger.Monitor;

/// <summary>Whole sessions over programs that ship, word for word.</summary>
public sealed class MonitorGoldenTests
{
    private static readonly string[] Purged =
    [
        "# A page that was purged: from its fault to its purge and back.", "where", "tasks", "run to mark pressure", "run to badfault", "why", "micro", "ru", "ru 3", "u 2",
        "rk", "k", "walk", "walk here w", "walk 0x1", "walk $rip x", "pte", "pte pml4=0 pdpt=0 pd=2", "vma", "vma 0x1000", "mark fault", "marks",
        "last pte here", "last! pte", "micro", "seek fault", "run to signal SIGBUS", "tlb here", "regs", "dis $rip 6", "x $rsp 32", "x here 16", "src",
        "finish", "break repair", "watch cache", "watch pte cache", "break", "rc", "rc", "delete 2", "delete 9", "c", "seek end", "where", "why", "c", "seek begin", "back to fault",
    ];

    private static readonly string[] Forked =
    [
        "# Pages that a fork shares, and who maps them.", "run to syscall fork", "run to task", "tasks", "run to fault", "why", "frame", "rmap", "last frame", "last! frame", "faults 6",
        "run to fault", "u", "u", "maps", "lru", "lru active-anon 4", "free", "tlb", "info mem", "info tlb", "info registers", "gva2gpa $rsp", "gva2gpa 0",
        "gpa2hva 0x1000", "watch frame here", "c", "rc", "delete", "watch phys:0x8ff8", "c", "seek 2000", "last $rsp 16", "last! $rsp 16",
        "rsi", "rni", "si 3", "ni", "s", "n", "rs", "rn", "rfinish", "back si", "age", @"type one\ttwo", "signal WINCH", "run to fault", "seek 2000", "reclaim 4", "purge here 4096", "where",
    ];

    private static readonly string[] Threads =
    [
        "# Threads that mark ranges volatile and purge them.", "run to task", "tasks", "run to reclaim", "micro", "u 5", "back si", "back k 2", "run to signal", "tasks", "why", "ni", "where", "rni",
        "tlb", "x main 16", "run to syscall futex", "k", "rk", "run to rule",
    ];

    [Fact]
    public void A_page_that_was_purged() => Check("vrange-recover", Purged);

    [Fact]
    public void Pages_that_a_fork_shares() => Check("cow-fork", Forked);

    [Fact]
    public void Threads_and_their_processors() => Check("vrange-threads", Threads);

    [Fact]
    public void The_help_names_every_command() => GoldenFile.Check(Path.Combine("monitor", "help.txt"), PlayOn("hello", ["help", "help walk", "help wlak"]));

    [Fact]
    public void Every_command_is_in_one_of_the_sessions()
    {
        HashSet<string> typed = [.. Purged.Concat(Forked).Concat(Threads).Select(line => line.Split(' ')[0])];

        CommandTable.Rows.Where(command => !command.Names.Any(typed.Contains)).Select(command => command.Name).ShouldBeEmpty();
    }

    private static void Check(string guest, IEnumerable<string> lines) => GoldenFile.Check(Path.Combine("monitor", $"{guest}.txt"), PlayOn(guest, lines));

    private static string PlayOn(string guest, IEnumerable<string> lines)
    {
        using MonitorScript session = new(guest);
        return session.Play(lines);
    }
}
