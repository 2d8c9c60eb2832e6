using MmuEmu.Debugger;

namespace MmuEmu.Tests.Debugger.View;

/// <summary><c>mmuemu debug</c> where there is no terminal.</summary>
public sealed class DebugCommandTests : IDisposable
{
    private readonly string _script = Path.GetTempFileName();

    [Fact]
    public void A_script_shows_each_command_and_its_answer()
    {
        File.WriteAllText(_script, "# a remark\nrun to signal SIGBUS\n\nwalk here r\nlast! pte here\n");

        CommandResult result = CommandHarness.Run("debug", "-x", _script, "vrange-recover");

        result.Error.ShouldBe("");
        result.Status.ShouldBe(0);
        result.GuestOut.ShouldBe("");
        result.Out.ShouldStartWith("> # a remark\n> run to signal SIGBUS\n");
        result.Out.ShouldContain("VRANGE_PURGED");
        result.Out.ShouldContain("> last! pte here\n");
    }

    [Fact]
    public void A_command_that_cannot_be_done_ends_a_script_with_its_line()
    {
        File.WriteAllText(_script, "where\nwakl main\nwhere\n");

        CommandResult result = CommandHarness.Run("debug", "-x", _script, "hello");

        result.Status.ShouldBe(2);
        result.Error.ShouldContain($"{_script} line 2: expected a command; found 'wakl'");
        result.Error.ShouldContain("try: walk");
        result.Out.Split("> where\n").Length.ShouldBe(2);
    }

    [Fact]
    public void Quit_ends_a_script()
    {
        File.WriteAllText(_script, "where\nquit\nnosuch\n");

        CommandResult result = CommandHarness.Run("debug", "-x", _script, "hello");

        (result.Status, result.Error).ShouldBe((0, ""));
        result.Out.ShouldEndWith("> quit\n");
    }

    [Theory]
    [InlineData("bad-deadlock", "nothing can happen any more")]
    [InlineData("--max-insns 100 hello", "the limit of 100 instructions is spent")]
    public void Why_a_run_ended_is_said_where_it_ends(string line, string why)
    {
        File.WriteAllText(_script, "seek end\n");

        CommandResult result = CommandHarness.Run(["debug", "-x", _script, .. line.Split(' ')]);

        result.Status.ShouldBe(0);
        result.Out.ShouldContain($"the run is over: {why}");
    }

    [Theory]
    [InlineData("999999999", ExitCodes.Expectation, "the run is over before, at T 1105")]
    [InlineData("10.99", ExitCodes.Usage, "expected a micro-step of T 10")]
    public void A_place_to_begin_at_that_is_not_there_is_refused(string at, int status, string words)
    {
        File.WriteAllText(_script, "where\n");

        CommandResult result = CommandHarness.Run("debug", "-x", _script, "--at", at, "hello");

        result.Status.ShouldBe(status);
        result.Error.ShouldContain(words);
        result.Out.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--at", "1000", "T 1000 ")]
    [InlineData("--at", "end", "the run is over")]
    [InlineData("--break", "fault", "handled: ")]
    [InlineData("--break", "signal:SIGBUS", "signal SIGBUS")]
    [InlineData("--break", "badfault", "not handled")]
    [InlineData("--break", "syscall:vrange", "vrange(")]
    [InlineData("--break", "mark:pressure", "mark pressure")]
    [InlineData("--break", "pte:7ffff7ff1000", "entry of 0x7ffff7ff1000")]
    public void A_session_begins_where_it_is_asked_to(string option, string value, string seen)
    {
        File.WriteAllText(_script, "where\n");

        CommandResult result = CommandHarness.Run("debug", "-x", _script, option, value, "vrange-recover");

        result.Error.ShouldBe("");
        result.Status.ShouldBe(0);
        result.Out.ShouldContain(seen);
    }

    [Theory]
    [InlineData(2, "--break", "nonsense", "--break nonsense: ")]
    [InlineData(2, "--break", "pte:nowhere", "--break pte:nowhere: expected fault")]
    [InlineData(120, "--break", "signal:SIGUSR2", "it never comes")]
    [InlineData(120, "--break", "pte:123456000", "it never comes")]
    [InlineData(2, "--at", "nonsense", "--at nonsense: ")]
    [InlineData(2, "--memory", "1K", "expected a size of at least 16M")]
    [InlineData(2, "-x", "/no/such/file", "expected a file with commands")]
    public void What_is_no_place_is_refused(int status, string option, string value, string said)
    {
        File.WriteAllText(_script, "where\n");
        string[] script = option == "-x" ? [] : ["-x", _script];

        CommandResult result = CommandHarness.Run(["debug", .. script, option, value, "hello"]);

        result.Error.ShouldContain(said);
        result.Error.ShouldContain("try: ");
        result.Status.ShouldBe(status);
    }

    [Fact]
    public void Without_a_terminal_and_without_a_script_it_says_what_to_type()
    {
        CommandResult result = CommandHarness.Run("debug", "hello");

        result.Status.ShouldBe(2);
        result.Error.ShouldContain("expected a terminal to show the view at");
        result.Error.ShouldContain("-x SCRIPT");
        result.Out.ShouldBe("");
    }

    public void Dispose() => File.Delete(_script);
}
