using MmuEmu.Tests.Debugger;

namespace MmuEmu.Tests.Guests;

/// <summary>One program under every posting: its answers, and what a trace of its calls says.</summary>
public sealed class VrangeVersionsTests
{
    private const string Lost = "lost";
    private const string Intact = "intact";

    /// <summary>Which posting it finds, what a hole of two pages in six answers, page 0, pages 1 to 3, once more, and what page 3 has.</summary>
    public static TheoryData<string, string, long, string, string, string> Answers => new()
    {
        { "v7", "v7: vrange, answers 0 or 1", 0, Lost, Lost, Intact },
        { "v8", "v8 to v10: vrange, answers bytes", 6 * 4096, Lost, Lost, Intact },
        { "v9", "v8 to v10: vrange, answers bytes", 6 * 4096, Lost, Lost, Intact },
        { "v10", "v8 to v10: vrange, answers bytes", 6 * 4096, Lost, Lost, Intact },
        { "v11", "v11: vrange, modes the other way round", 2 * 4096, Lost, Lost, Lost },
        { "v12", "v12 or v13: vrange with flags", 2 * 4096, Intact, Lost, Lost },
        { "v13", "v12 or v13: vrange with flags", 2 * 4096, Intact, Lost, Intact },
        { "v14", "v14: madvise", -12, Intact, Lost, Intact },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Each_posting_answers_in_its_own_way(string version, string name, long hole, string first, string rest, string again)
    {
        CommandResult run = CommandHarness.Run("run", "-q", "--profile", $"vrange={version}", "vrange-versions");

        run.Status.ShouldBe(0);
        run.GuestOut.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            name,
            $"six pages with a hole of two in the middle: the call answers {hole}",
            $"page 3 of 4 is purged; of page 0 it says: {first}",
            $"of pages 1 to 3 it says: {rest}",
            $"volatile once more, and nothing purged since: it says {again}",
            "page 0 has 'A', page 3 has 0",
        ]);
    }

    [Theory]
    [InlineData("v7", "vrange(0x", ", 4096, VRANGE_VOLATILE, VRANGE_FULL_MODE) = 0", "VRANGE_NOVOLATILE, VRANGE_FULL_MODE) = 1")]
    [InlineData("v10", "vrange(0x", ", 4096, VRANGE_VOLATILE, [0]) = 4096", "VRANGE_NONVOLATILE, [1]) = 4096")]
    [InlineData("v11", "vrange(0x", ", 4096, VRANGE_VOLATILE, [0]) = 4096", "VRANGE_NONVOLATILE, [1]) = 4096")]
    [InlineData("v12", "vrange(0x", ", 4096, VRANGE_VOLATILE, 0, [0]) = 4096", "VRANGE_NONVOLATILE, 0, [1]) = 12288")]
    [InlineData("v13", "mvolatile(0x", ", 4096, MVOLATILE_VOLATILE, 0, [0]) = 4096", "MVOLATILE_NONVOLATILE, 0, [1]) = 12288")]
    [InlineData("v14", "madvise(0x", ", 4096, MADV_VOLATILE) = 0", "MADV_NONVOLATILE) = 1")]
    public void A_trace_names_modes_as_the_posting_does_and_shows_the_word_that_was_stored(string version, string name, string marked, string lost)
    {
        string trace = CommandHarness.Run("run", "-q", "--strace", "--profile", $"vrange={version}", "vrange-versions").Error;

        trace.ShouldContain(name);
        trace.ShouldContain(marked);
        trace.ShouldContain(lost);
        trace.ShouldContain(version == "v7" ? "VRANGE_FULL_MODE" : version == "v14" ? "MADV_VOLATILE) = -1 ENOMEM" : "NULL) = ");
    }
}
