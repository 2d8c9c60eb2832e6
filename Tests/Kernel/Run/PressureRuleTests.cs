using MmuEmu.Debugger.Options;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Tests.Kernel.Run;

public sealed class PressureRuleTests
{
    [Theory]
    [InlineData("at insn 120000: purge")]
    [InlineData("every 1000 insns: age")]
    [InlineData("at syscall vrange#1 return: reclaim 64 frames")]
    [InlineData("at syscall madvise entry: purge")]
    [InlineData("at mark filled#3: reclaim 1 frames")]
    [InlineData("at syscall vrange#2 entry: fail nodes 1")]
    [InlineData("at insn 9: fail copies 2 after 3")]
    [InlineData("at insn 9: fail splits 3")]
    [InlineData("at insn 9: fail tables 4")]
    [InlineData("at copy#3 byte 2048: evict")]
    [InlineData("at copy after_prefault#2: evict")]
    [InlineData("at copy#1 before_commit: hold until changed")]
    [InlineData("at copy#12 after_swapin: reclaim 8 frames")]
    [InlineData("at mark filled: free run")]
    public void A_rule_prints_as_it_was_typed(string text)
    {
        PressureRuleParser.TryParse(text, out PressureRule rule, out PressureError error).ShouldBeTrue(error.ToString());

        rule.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("every 1 insn: purge", "every 1 insns: purge")]
    [InlineData("  at  insn 5 :purge ", "at insn 5: purge")]
    [InlineData("at mark a: reclaim 2", "at mark a: reclaim 2 frames")]
    public void Spaces_and_small_words_are_free(string text, string meant)
    {
        PressureRuleParser.TryParse(text, out PressureRule rule, out _).ShouldBeTrue();

        rule.ToString().ShouldBe(meant);
    }

    [Theory]
    [InlineData("", 0, "")]
    [InlineData("at noon: purge", 3, "noon")]
    [InlineData("at insn 0: purge", 8, "0")]
    [InlineData("at insn 7 purge", 10, "purge")]
    [InlineData("at insn 7: burn", 11, "burn")]
    [InlineData("at syscall x#1 before: purge", 15, "before")]
    [InlineData("at insn 7: purge twice", 17, "twice")]
    [InlineData("at insn 7: fail node 1", 16, "node")]
    [InlineData("at insn 7: fail nodes", 21, "")]
    [InlineData("at insn 7: fail nodes 0", 22, "0")]
    [InlineData("at insn 7: fail nodes 1 frames", 24, "frames")]
    [InlineData("at insn 7: fail nodes 1 after", 29, "")]
    [InlineData("at insn 7: evict", 11, "evict")]
    [InlineData("at copy#0 after_pin: evict", 3, "copy#0")]
    [InlineData("at copy#1 mid_copy: evict", 10, "mid_copy")]
    [InlineData("at copy#1 byte 4096: evict", 15, "4096")]
    [InlineData("at copy#1 after_pin: hold changed", 26, "changed")]
    [InlineData("at copy#1 after_pin: hold until", 31, "")]
    [InlineData("at mark a: free frames", 16, "frames")]
    public void A_wrong_rule_is_refused_at_the_word_that_is_wrong(string text, int position, string found)
    {
        PressureRuleParser.TryParse(text, out _, out PressureError error).ShouldBeFalse();

        (error.Position, error.Found).ShouldBe((position, found));
        PressureText.Of(error).ShouldStartWith($"at position {position}: expected ");
    }
}
