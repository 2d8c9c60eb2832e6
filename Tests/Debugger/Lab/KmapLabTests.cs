using System.Text.Json;
using MmuEmu.Debugger;
using MmuEmu.Debugger.Lab;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Debugger.Lab;

/// <summary><c>mmuemu lab kmap</c>: the matrix, its document, single runs.</summary>
public sealed class KmapLabTests
{
    private static readonly string Page = Path.Combine(SourceTree.Root, "docs", "kmap-2002.md");

    /// <summary>What the thread of July 2002, and what was said after it, claim of each cure: S safe, F fails; columns as the lab has them.</summary>
    private static readonly (string Cure, string Claims, string Interrupts)[] Claims =
    [
        ("c0", "SSSSSF", "many"), ("c1", "FFSSSF", "0"), ("c2", "SFFFSF", "0"), ("c3", "FSSSFF", "0"),
        ("c4", "SSSSSS", "0"), ("c5", "SSSSSF", "0"), ("c6", "SSSSSF", "few"), ("c7", "SSSSSS", "0"),
    ];

    [Fact]
    public void What_the_runs_show_is_what_the_thread_says()
    {
        foreach ((string cure, string claims, string interrupts) in Claims)
        {
            ShownBy(cure).ShouldBe(claims, cure);
            WordOf(CopyRuns.Of(LabTable.Interrupts, cure)["flush_ipi"]).ShouldBe(interrupts, cure);
        }
    }

    [Fact]
    public void The_page_shows_the_matrix_of_the_runs_beside_the_claims()
    {
        string page = PageOf();
        if (Environment.GetEnvironmentVariable("MMUEMU_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Page, page);
        }

        File.ReadAllText(Page).ShouldBe(page, "MMUEMU_UPDATE_GOLDEN=1 dotnet test Tests writes it again");
    }

    [Fact]
    public void One_run_shows_its_events_how_to_repeat_it_and_what_it_found()
    {
        CommandResult result = CommandHarness.Run("lab", "kmap", "k-002", "c1");
        string shown = result.Out;
        result.Status.ShouldBe(ExitCodes.Ok);

        shown.ShouldContain("copy#1 sleeps in an atomic state");
        shown.ShouldContain("mmuemu run --ram 64M --swap 16M --profile copy=c1,kunmap=lazy --pressure 'at copy#1 after_prefault#1: evict'");
        shown.ShouldContain("  guest: page 1: A*4096");
        shown.ShouldContain("FAILS: slept in an atomic state; served a fault in an atomic state; went through a window that led elsewhere; the guest found it wrong (exit 1)");
    }

    [Fact]
    public void A_row_as_JSON_has_a_run_for_each_cure()
    {
        CommandResult result = CommandHarness.Run("lab", "kmap", "K-004", "--json");

        result.Status.ShouldBe(ExitCodes.Ok);
        JsonElement document = JsonDocument.Parse(result.Out).RootElement;
        document.GetProperty("schema").GetString().ShouldBe("mmuemu.lab/1");
        JsonElement[] runs = [.. document.GetProperty("runs").EnumerateArray()];
        runs.Select(run => run.GetProperty("cure").GetString()).ShouldBe(LabTable.Cures.Select(cure => cure.Name));
        runs.Single(run => run.GetProperty("cure").GetString() == "c1").GetProperty("counts").GetProperty("atomic_faults").GetUInt64().ShouldBe(1UL);
    }

    [Theory]
    [InlineData("K-999", null, "no experiment 'K-999'; expected one of K-001, ")]
    [InlineData("K-001", "c9", "no cure 'c9'; expected one of c0, ")]
    public void An_unknown_word_is_told_with_those_that_are_known(string row, string? cure, string told)
    {
        string[] words = cure is null ? ["lab", "kmap", row] : ["lab", "kmap", row, cure];
        CommandResult result = CommandHarness.Run(words);

        (result.Status, result.Out).ShouldBe((ExitCodes.Usage, ""));
        result.Error.ShouldContain(told);
    }

    private static string ShownBy(string cure) =>
        string.Concat(LabTable.Columns.Select(column => column.Rows.All(row => CopyRuns.Of(row, cure).IsSafe) ? 'S' : 'F'));

    private static string WordOf(ulong interrupts) => interrupts switch { 0 => "0", < 8 => "few", _ => "many" };

    private static string PageOf()
    {
        List<string> lines =
        [
            "# Copies through kernel windows: the thread of July 2002, run",
            "",
            "In July 2002 Andrew Morton, Linus Torvalds, Martin Bligh and Andrea Arcangeli discussed on linux-mm how read and write could reach",
            "file pages that the kernel has no mapping of. A window that may be slept with costs flushes on all processors; an atomic one costs nothing, and",
            "then the user's page must not go away. Here each hazard of that thread is a run of a guest under a forced schedule, and each cure a word of",
            "`--profile`. `mmuemu lab kmap` runs them all, `mmuemu lab kmap K-002 c1` shows one run with its events. Nothing below was written by hand: each",
            "cell comes from runs, and a test compares it with what was claimed. The mail that began it, sentence by sentence:",
            "[mails/scalable-kmap-2002.md](mails/scalable-kmap-2002.md).",
            "",
            "## The cures",
            "",
            "| cure | what it does |",
            "|---|---|",
            .. LabTable.Cures.Select(cure => $"| {cure.Name} | {cure.Says} |"),
            "",
            "## What the runs show, and what was claimed",
            "",
            $"| cure | {string.Join(" | ", LabTable.Columns.Select(column => $"{column.Title} ({string.Join(", ", column.Rows)})"))} | interrupts of {LabTable.Interrupts} |",
            $"|---|{string.Concat(Enumerable.Repeat("---|", LabTable.Columns.Length + 1))}",
            .. LabTable.Cures.Select(cure => RowOf(cure.Name)),
            "",
            "Each cell: what the runs show / what was claimed. Of c2b nobody claimed more than that it shrinks the third and fourth hazard.",
            "",
            "## The experiments",
            "",
            .. LabTable.Cases.SelectMany(SectionOf),
        ];
        return string.Join('\n', lines);
    }

    private static string RowOf(string cure)
    {
        string shown = ShownBy(cure);
        (string Cure, string Claims, string Interrupts) claimed = Claims.FirstOrDefault(one => one.Cure == cure);
        IEnumerable<string> cells = shown.Select((cell, at) => $"{Word(cell)} / {(claimed.Claims is null ? "nothing" : Word(claimed.Claims[at]))}");
        return $"| {cure} | {string.Join(" | ", cells)} | {CopyRuns.Of(LabTable.Interrupts, cure)["flush_ipi"]} / {claimed.Interrupts ?? "nothing"} |";
    }

    private static IEnumerable<string> SectionOf(LabCase one) =>
    [
        $"### {one.Row}: {one.Says}",
        "",
        $"    {CopyRuns.Of(one.Row, "c1").CommandLine.Replace("copy=c1", "copy=CURE", StringComparison.Ordinal)}",
        "",
        .. LabTable.Cures.Select(cure => $"- {cure.Name}: {(CopyRuns.Of(one.Row, cure.Name) is { IsSafe: false } run ? string.Join("; ", run.Findings) : "safe")}"),
        "",
    ];

    private static string Word(char cell) => cell == 'S' ? "safe" : "fails";
}
