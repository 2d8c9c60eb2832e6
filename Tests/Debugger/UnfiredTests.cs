using System.Text.Json;

namespace MmuEmu.Tests.Debugger;

/// <summary>What was asked for and did not come is said, and is no success.</summary>
public sealed class UnfiredTests
{
    [Theory]
    [InlineData("at insn 99999999: age", "the run ended at t=")]
    [InlineData("every 99999999 insns: age", "the run ended at t=")]
    [InlineData("at mark nowhere: purge", "the program set no mark of that name; it set: pressure")]
    [InlineData("at mark pressure#9: purge", "the program set that mark 1 time")]
    [InlineData("at syscall madvise return: purge", "the program made no call of that name; it made: arch_prctl, ")]
    [InlineData("at syscall mmapp entry: purge", "no system call is called mmapp; the program made: arch_prctl, ")]
    [InlineData("at syscall mmap#99 entry: purge", "the program called mmap ")]
    public void A_rule_that_never_acts_is_told_with_the_likely_mistake(string rule, string why)
    {
        CommandResult result = CommandHarness.Run("run", "-q", "--pressure", rule, "vrange-recover");

        result.Status.ShouldBe(120);
        result.Error.ShouldStartWith($"mmuemu: --pressure '{rule}' never acted: ");
        result.Error.ShouldContain(why);
        result.Error.Count(c => c == '\n').ShouldBe(1);
    }

    [Fact]
    public void A_rule_that_acts_is_no_news() =>
        CommandHarness.Run("run", "-q", "--pressure", "at mark pressure: age", "vrange-recover").Error.ShouldBeEmpty();

    [Fact]
    public void Allow_unfired_switches_status_and_line_off()
    {
        CommandResult result = CommandHarness.Run("run", "--allow-unfired", "--pressure", "at mark nowhere: purge", "hello");

        result.Status.ShouldBe(0);
        result.Error.ShouldBeEmpty();
    }

    [Fact]
    public void A_guest_that_ends_badly_keeps_its_status()
    {
        CommandResult result = CommandHarness.Run("run", "--pressure", "at mark nowhere: purge", "bad-null");

        result.Status.ShouldBe(139);
        result.Error.ShouldContain("never acted");
    }

    [Fact]
    public void Json_lists_the_rules_that_never_acted()
    {
        CommandResult result = CommandHarness.Run("run", "--json", "--pressure", "every 100 insns: age", "--pressure", "at mark nowhere: purge", "hello");

        JsonElement root = JsonDocument.Parse(result.Out).RootElement;
        root.GetProperty("unfired").EnumerateArray().Single().GetString().ShouldBe("at mark nowhere: purge");
        root.GetProperty("exitCode").GetInt32().ShouldBe(120);
        result.Status.ShouldBe(120);
    }

    [Theory]
    [InlineData("mark:nowhere", "it set: none")]
    [InlineData("syscall:mmap#50", "never reached")]
    [InlineData("fault:5000", "page faults")]
    [InlineData("signal:3", "there were 0 signals")]
    [InlineData("99999999", "the run ended at t=")]
    public void A_walk_at_a_point_that_never_comes_shows_the_end_and_says_so(string at, string why)
    {
        CommandResult result = CommandHarness.Run("walk", "hello", "0x401000", "--at", at);

        result.Status.ShouldBe(120);
        result.Error.ShouldContain($"--at {(at.Contains('#', StringComparison.Ordinal) ? $"'{at}'" : at)} was never reached: ");
        result.Error.ShouldContain(why);
        result.Out.ShouldContain("PTE[001]");
        CommandHarness.Run("walk", "--allow-unfired", "hello", "0x401000", "--at", at).Status.ShouldBe(0);
    }

    [Fact]
    public void Why_tells_of_a_rule_that_never_acted()
    {
        CommandResult result = CommandHarness.Run("why", "--pressure", "at mark nowhere: purge", "bad-null");

        result.Status.ShouldBe(120);
        result.Error.ShouldContain("never acted");
        result.Out.ShouldContain("SIGSEGV");
    }
}
