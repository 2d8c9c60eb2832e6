using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Travel;
using MmuEmu.Kernel.Views;
using MmuEmu.Tests.Debugger.Travel;
using MmuEmu.Tests.Kernel.State;

namespace MmuEmu.Tests.Debugger.Monitor;

/// <summary>Who asks changes nothing.</summary>
public sealed class MonitorReadsTests
{
    private static readonly string[] Reads =
    [
        "where", "why", "micro", "faults 4", "walk", "walk $rip", "walk $rsp w", "pte $rsp", "vma", "vma $rsp", "maps", "frame $rsp", "rmap $rsp", "lru", "lru active-anon",
        "lru inactive-anon 3", "free", "tlb", "tlb $rsp", "tasks", "regs", "x $rsp 64", "x phys:0x2000 64", "dis", "src", "info mem", "info tlb", "info registers", "gva2gpa $rsp",
        "last pte $rsp", "last frame $rsp", "last $rsp 8", "marks", "mark m", "break $rip", "watch $rsp 8", "watch pte $rsp", "delete", "help", "help walk", "nonsense", "walk nonsense",
    ];

    [Theory]
    [InlineData("vrange-recover", 12)]
    [InlineData("--cpus 3 cow-fork", 12)]
    [InlineData("--ram 8M --swap 16M page-touch", 6)]
    public void No_question_leaves_a_trace(string line, int positions)
    {
        using MonitorScript session = new(line);
        Journey journey = session.Run.Journey;
        journey.Seek(ulong.MaxValue);
        ulong end = journey.Explored;
        Random random = new(3);
        for (int i = 0; i < positions; i++)
        {
            journey.Seek((ulong)random.NextInt64((long)end));
            if (i % 3 == 0)
            {
                journey.RunTo([EventGoal.Fault], Direction.Backward);
            }

            Position here = journey.Here;
            string before = StateOf(session);
            foreach (string read in Reads.OrderBy(_ => random.Next()).Take(12))
            {
                session.Tell(read).ShouldNotBeNull();
                journey.Here.ShouldBe(here, read);
                StateOf(session).ShouldBe(before, $"{read} at {here}");
            }
        }

        session.Run.Course.Newest.Replay(session.Run.Course.Newest.Segments.Count - 1, Watcher.None);
        SavedRun.LeftBy(session.Run.Kernel, journey.End!).ShouldBe(TravelledRun.PlainEnd(line));
    }

    [Fact]
    public void Every_command_that_only_asks_is_asked()
    {
        string[] moves =
        [
            "s", "n", "si", "ni", "finish", "u", "k", "rs", "rn", "rsi", "rni", "rfinish", "ru", "rk", "back", "run", "c", "rc", "seek", "last!",
            "purge", "reclaim", "age", "type", "signal", "gpa2hva",
        ];
        HashSet<string> asked = [.. Reads.Select(line => line.Split(' ')[0])];

        CommandTable.Rows.Select(command => command.Name).Where(name => !asked.Contains(name)).ShouldBe(moves, ignoreOrder: true);
    }

    private static string StateOf(MonitorScript session) =>
        session.Run.Here() + Convert.ToHexString(session.Run.Journey.Look(kernel => new KernelView(kernel).HashState()));
}
