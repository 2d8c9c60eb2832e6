using System.Text.Json;

namespace MmuEmu.Tests.Debugger;

/// <summary>What happened, and why, as data and as lines.</summary>
public sealed class EventReportTests
{
    [Fact]
    public void The_last_signal_has_its_fault_its_rows_and_what_led_to_it()
    {
        JsonElement last = Json("run", "--json", "vrange-recover").GetProperty("lastSignal");

        last.GetProperty("signal").GetString().ShouldBe("SIGBUS");
        last.GetProperty("fault").GetProperty("kind").GetString().ShouldBe("purged");
        last.GetProperty("rows").EnumerateArray().Select(row => row.GetString()).ShouldBe(["V-080", "V-082"]);
        JsonElement[] history = [.. last.GetProperty("history").EnumerateArray()];
        history.Select(note => note.GetProperty("what").GetString()).ShouldBe(["call", "purged"]);
        history[0].GetProperty("name").GetString().ShouldBe("vrange");
        history[1].GetProperty("by").GetString().ShouldBe("the system call mmuemu_reclaim");
    }

    [Fact]
    public void A_run_without_a_fatal_fault_has_no_last_signal() =>
        Json("run", "--json", "hello").GetProperty("lastSignal").ValueKind.ShouldBe(JsonValueKind.Null);

    [Fact]
    public void A_rule_that_fires_is_told_and_what_it_purges_names_it()
    {
        JsonElement[] events = Events("run", "--json", "--trace", "reclaim,rule", "--pressure", "at syscall vrange#1 return: purge", "vrange-recover");

        int fired = Array.FindIndex(events, happened => happened.GetProperty("type").GetString() == "rule");
        events[fired].GetProperty("rule").GetString().ShouldBe("at syscall vrange#1 return: purge");
        JsonElement purged = events.First(happened => happened.GetProperty("type").GetString() == "memory" && happened.GetProperty("what").GetString() == "Purged");
        Array.IndexOf(events, purged).ShouldBeGreaterThan(fired);
        (purged.GetProperty("cause").GetString(), purged.GetProperty("causeNumber").GetInt32()).ShouldBe(("Rule", 0));
        purged.GetProperty("t").GetUInt64().ShouldBe(events[fired].GetProperty("t").GetUInt64());
    }

    [Fact]
    public void A_call_that_fails_names_its_errno()
    {
        JsonElement[] returns = [.. Events("run", "--json", "hello-glibc").Where(happened => happened.GetProperty("type").GetString() == "return")];

        (bool Named, bool Fails)[] seen = [.. returns.Select(one => (one.TryGetProperty("errno", out _), one.GetProperty("result").GetInt64() is >= -4095 and < 0))];
        seen.ShouldAllBe(one => one.Named == one.Fails);
        seen.ShouldContain((true, true));
    }

    [Fact]
    public void What_the_mmu_does_keeps_its_names()
    {
        string[] names = [.. Events("run", "--json", "--trace", "walk", "vrange-recover").Select(happened => happened.GetProperty("what").GetString()!).Distinct()];

        names.ShouldBe(["Walk", "Fault", "Fill", "Invalidate"], ignoreOrder: true);
    }

    [Fact]
    public void Accesses_are_told_one_by_one_with_where_they_went()
    {
        string[] lines = CommandHarness.Run("run", "-q", "--trace", "access", "bad-null").Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Length.ShouldBeGreaterThan(20);
        lines.ShouldAllBe(line => line.Contains(" bytes", StringComparison.Ordinal) && line.Contains(" @0x", StringComparison.Ordinal));
        Times(lines).ShouldBeInOrder();
    }

    [Fact]
    public void Why_says_each_thing_once()
    {
        string[] lines = CommandHarness.Run("why", "vrange-recover").Out.Split('\n');

        lines.Count(line => line.StartsWith("  why   ", StringComparison.Ordinal)).ShouldBe(1);
        lines.Count(line => line.StartsWith("  where ", StringComparison.Ordinal)).ShouldBe(1);
        lines.Count(line => line.Contains("rw-p", StringComparison.Ordinal)).ShouldBe(1);
        lines.Single(line => line.StartsWith("  why   ", StringComparison.Ordinal)).ShouldEndWith("(V-080, V-082)");
    }

    private static List<ulong> Times(string[] lines) => [.. lines.Select(line => ulong.Parse(line.Split("t=")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))];

    private static JsonElement[] Events(params string[] args) => [.. Json(args).GetProperty("events").EnumerateArray()];

    private static JsonElement Json(params string[] args) => JsonDocument.Parse(CommandHarness.Run(args).Out).RootElement;
}
