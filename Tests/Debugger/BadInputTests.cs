namespace MmuEmu.Tests.Debugger;

public sealed class BadInputTests
{
    [Theory]
    [InlineData(2, "--ram", "3")]
    [InlineData(2, "--ram", "512K")]
    [InlineData(2, "--ram", "65G")]
    [InlineData(2, "--ram", "lots")]
    [InlineData(2, "--swap", "-1")]
    [InlineData(2, "--swap", "1000")]
    [InlineData(2, "--tlb", "none")]
    [InlineData(2, "--preset", "zen99")]
    [InlineData(2, "--profile", "vrange=v99")]
    [InlineData(2, "--profile", "")]
    [InlineData(2, "--profile", "madvfree=rfc2014,madvfree=linux45")]
    [InlineData(2, "--trace", "")]
    [InlineData(2, "--abi", "posix")]
    [InlineData(2, "--trace", "faults")]
    [InlineData(2, "--env", "NOVALUE")]
    [InlineData(2, "--seed", "x")]
    [InlineData(2, "--max-insns", "-5")]
    [InlineData(2, "--pressure", "at insn x: purge")]
    [InlineData(2, "--pressure", "sometimes: purge")]
    [InlineData(2, "--pressure", "at syscall vrange#0 return: purge")]
    [InlineData(2, "--pressure", "at syscall vrange#1 return: reclaim many frames")]
    [InlineData(2, "--pressure", "every 10 insns: age now")]
    [InlineData(2, "--no-such-option")]
    public void A_wrong_option_of_run_gets_a_message_a_hint_and_status(int status, params string[] options)
    {
        CommandResult result = CommandHarness.Run(["run", .. options, "hello"]);

        result.Status.ShouldBe(status);
        result.Out.ShouldBeEmpty();
        result.Error.ShouldStartWith("mmuemu: ");
        result.Error.ShouldContain("try: ");
    }

    [Theory]
    [InlineData("run")]
    [InlineData("walk", "hello")]
    [InlineData("walk", "hello", "here")]
    [InlineData("walk", "hello", "0x401000", "--at", "noon")]
    [InlineData("walk", "hello", "0x401000", "--at", "syscall:#1")]
    [InlineData("guests", "nobody")]
    [InlineData("no-such-command")]
    [InlineData("why")]
    public void A_wrong_command_line_ends_with_status_2(params string[] args)
    {
        CommandResult result = CommandHarness.Run(args);

        result.Status.ShouldBe(2);
        result.Error.ShouldContain("try: ");
    }

    [Theory]
    [InlineData("run", "--from")]
    [InlineData("run", "--from", "")]
    [InlineData("run", "--from", "/")]
    [InlineData("run", "--from", "a", "--from", "b")]
    [InlineData("walk", "--image", "", "0")]
    [InlineData("pte", "check", "")]
    public void An_option_or_a_name_that_is_empty_is_no_defect_of_ours(params string[] args)
    {
        CommandResult result = CommandHarness.RunHere(args);

        (result.Status, result.Out).ShouldBe((2, ""));
        result.Error.ShouldContain("try: ");
    }

    [Fact]
    public void Options_behind_the_guest_belong_to_the_guest() =>
        CommandHarness.Run("run", "/no/such/guest", "--ram", "nonsense").Status.ShouldBe(127);

    [Fact]
    public void The_value_of_an_option_is_not_taken_for_the_guest() =>
        CommandHarness.Run("run", "--pressure", "at insn 5: purge", "/no/such/guest").Status.ShouldBe(127);
}
