using System.Text.Json;

namespace MmuEmu.Tests.Debugger;

/// <summary>The lines of a trace tell all: every level and who read it, bits before and after, why a page stays.</summary>
public sealed class TraceLineTests
{
    [Fact]
    public void A_fault_shows_its_whole_ladder_and_which_entries_were_read()
    {
        string[] lines = Lines("run", "-q", "--trace", "fault", "hello");

        string[][] ladders = [.. Enumerable.Range(0, lines.Length).Where(i => lines[i].Contains("#PF", StringComparison.Ordinal)).Select(i => lines[(i + 1)..(i + 5)])];
        ladders.ShouldAllBe(ladder => ladder[0].Contains("PML4E[", StringComparison.Ordinal));
        ladders[0].Select(line => line.TrimStart()[0]).ShouldBe(['~', '~', '~', '*']);
        ladders[0][3].ShouldContain("PTE[001]");
        ladders[0][3].ShouldContain("not present: NONE");
    }

    [Fact]
    public void Every_entry_is_read_without_caches()
    {
        string[] lines = Lines("run", "-q", "--trace", "fault,walk", "--tlb", "nocache", "bad-null");

        lines.ShouldNotContain(line => line.Contains('~'));
        lines.ShouldContain(line => line.Contains("*PML4E 0x", StringComparison.Ordinal) && line.EndsWith("-> not present", StringComparison.Ordinal));
    }

    [Fact]
    public void Entries_that_point_to_tables_show_no_D() =>
        Lines("run", "-q", "--trace", "fault", "hello").Where(line => line.Contains(" PDE[", StringComparison.Ordinal) && line.Contains("067", StringComparison.Ordinal))
            .ShouldAllBe(line => line.EndsWith("P W U A", StringComparison.Ordinal));

    [Fact]
    public void Bits_that_a_walk_sets_are_told_before_and_after_with_their_level()
    {
        string[] lines = Lines("run", "-q", "--trace", "walk", "--profile", "madvfree=linux412", "lazyfree-allocator");

        lines.ShouldContain(line => line.Contains(" sets A 0->1 D 0->1 in PTE[", StringComparison.Ordinal) && line.EndsWith("007 -> 0x8000000000013067", StringComparison.Ordinal));
    }

    [Fact]
    public void Reclaim_says_what_became_of_lazy_pages_and_why_others_stay()
    {
        string[] lines = Lines("run", "-q", "--trace", "reclaim", "--profile", "madvfree=linux412", "lazyfree-allocator");

        lines.ShouldContain(line => line.Contains(" marked: it may go while nobody writes to it", StringComparison.Ordinal));
        lines.ShouldContain(line => line.EndsWith(" discarded: A=0, D=0 in every entry", StringComparison.Ordinal));
        lines.ShouldContain(line => line.EndsWith(" kept, still lazy-free: used since MADV_FREE or the last look, A=1 (cleared), D=1", StringComparison.Ordinal));
        lines.ShouldContain(line => line.Contains(" passed over: used since the last look, A=1 in 1 entry (cleared)", StringComparison.Ordinal));
        lines.ShouldNotContain(line => line.Contains("reclaim scanned 0", StringComparison.Ordinal));
    }

    [Fact]
    public void The_boot_is_one_line_unless_it_is_asked_for()
    {
        string[] folded = Lines("run", "-q", "--trace", "walk,reclaim", "hello");
        string[] whole = Lines("run", "-q", "--trace", "walk,reclaim,boot", "hello");

        folded[0].ShouldStartWith("[0] t=0 boot: 10 frames taken, ");
        folded.Count(line => line.StartsWith("[0] ", StringComparison.Ordinal)).ShouldBe(1);
        whole.Count(line => line.Contains(" frame 0x", StringComparison.Ordinal) && line.StartsWith("[0] ", StringComparison.Ordinal)).ShouldBe(10);
        whole.Where(line => !line.StartsWith("[0] ", StringComparison.Ordinal)).ShouldBe(folded[1..]);
        Lines("run", "-q", "--trace", "boot", "hello").ShouldBe(whole);
        Lines("run", "-q", "--trace", "syscall", "hello")[0].ShouldNotContain("boot");
    }

    [Theory]
    [InlineData("run", "--trace", "help")]
    [InlineData("run", "--trace", "help", "hello")]
    public void The_legend_is_one_word_away(params string[] args)
    {
        CommandResult help = CommandHarness.Run(args);

        (help.Status, help.GuestOut).ShouldBe((0, ""));
        help.Out.ShouldContain("a paging-structure cache served it");
        help.Out.ShouldContain("  boot ");
    }

    [Fact]
    public void Documents_have_the_same_facts()
    {
        JsonElement[] events = [.. JsonDocument.Parse(CommandHarness.Run("run", "--json", "--trace", "all", "--profile", "madvfree=linux412", "lazyfree-allocator").Out)
            .RootElement.GetProperty("events").EnumerateArray()];

        JsonElement fault = events.First(one => Is(one, "type", "fault"));
        (fault.GetProperty("servedByCache").GetArrayLength(), fault.GetProperty("walk").GetArrayLength()).ShouldBe((3, 1));
        JsonElement marked = events.First(one => Is(one, "what", "EntryMarked"));
        (marked.GetProperty("level").GetString(), marked.GetProperty("changes").GetString()).ShouldBe(("PTE", "A 0->1 D 0->1"));
        JsonElement kept = events.First(one => Is(one, "what", "Kept") && Is(one, "state", "LazyFree"));
        (kept.GetProperty("reason").GetString(), kept.GetProperty("accessed").GetInt32()).ShouldBe(("Used", 1));
        events.First(one => Is(one, "what", "LazyFreed")).GetProperty("address").GetString().ShouldNotBe("0x0");
    }

    private static bool Is(JsonElement one, string name, string value) => one.TryGetProperty(name, out JsonElement has) && has.GetString() == value;

    private static string[] Lines(params string[] args) => CommandHarness.Run(args).Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
