using MmuEmu.Debugger.Recordings;

namespace MmuEmu.Tests.Debugger.Differences;

/// <summary>The first point at which two runs differ.</summary>
public sealed class DiffTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mmuemu-diff").FullName;

    [Theory]
    [InlineData("vrange-recover")]
    [InlineData("--cpus 3 --seed 4 pthread-mix-musl")]
    public void Equal_recordings_are_equal(string line)
    {
        CommandResult result = Diff(Record("a", line), Record("b", line));

        result.Status.ShouldBe(0);
        result.Out.ShouldBe("equal: registers, events and RAM to the end\n");
    }

    [Fact]
    public void Equal_guests_are_equal_though_nothing_was_recorded()
    {
        CommandResult result = CommandHarness.Run("diff", "hello", "hello");

        (result.Status, result.Out).ShouldBe((0, "equal: registers, events and RAM to the end\n"));
    }

    [Fact]
    public void Other_options_are_said_first_and_then_the_very_event()
    {
        CommandResult result = Diff(Record("a", "page-touch"), Record("b", "--pressure|at insn 3000: age|page-touch"));

        result.Status.ShouldBe(1);
        string[] lines = result.Out.Split('\n');
        lines[0].ShouldBe("asked for differently:");
        lines[1].ShouldBe("  --pressure: A none, B at insn 3000: age");
        result.Out.ShouldContain("differ at T 3000");
        result.Out.ShouldContain("> t=3000 nothing more happens at this T");
        result.Out.ShouldContain("> [1000] t=3000 rule 'at insn 3000: age' fires");
    }

    [Fact]
    public void Another_random_number_is_met_where_it_is_read_first()
    {
        CommandResult result = Diff(Record("a", "vrange-recover"), Record("b", "--seed 2 vrange-recover"));

        result.Status.ShouldBe(1);
        result.Out.ShouldContain("--seed: A none, B 2");
        result.Out.ShouldContain("RAM differs from the begin; compared are registers and events");
        result.Out.ShouldContain("mov rdx, [rbx]");
        result.Out.ShouldContain("] rdx: A 0x");
    }

    /// <summary>No register tells the bytes of a read apart: only RAM does, until it is given back.</summary>
    [Fact]
    public void Other_input_is_found_in_RAM_at_the_read_that_brought_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/cat"), "needs /bin/cat");
        string one = Path.Combine(_folder, "one.txt");
        string a = RecordCat("a", one, "hello world\n");
        string b = RecordCat("b", one, "hello wurld\n");

        CommandResult result = Diff(a, b);

        result.Status.ShouldBe(1);
        result.Out.ShouldContain($"file {one}: A SHA-256 ");
        result.Out.ShouldContain(": the same event leaves another state");
        result.Out.ShouldContain("] t=");
        result.Out.ShouldContain(" read(3, 0x");
        result.Out.ShouldContain("A 6f 72 6c 64 0a 00 00 00, B 75 72 6c 64 0a 00 00 00");
    }

    [Fact]
    public void Two_programs_differ_from_the_begin()
    {
        CommandResult result = CommandHarness.Run("diff", "hello", "hello-pie");

        result.Status.ShouldBe(1);
        result.Out.ShouldContain("guest: A hello, B hello-pie");
        result.Out.ShouldContain("differ from the begin: before the first instruction");
        result.Out.ShouldContain("rip: A 0x");
    }

    [Fact]
    public void A_run_that_was_ended_earlier_is_the_same_until_then()
    {
        CommandResult result = Diff(Record("a", "--max-insns 1000 hello"), Record("b", "hello"));

        result.Status.ShouldBe(1);
        result.Out.ShouldContain("--max-insns: A 1000, B none");
        result.Out.ShouldContain("differ at T 1000");
        result.Out.ShouldContain("> is over: LimitReached, status 124");
        result.Out.ShouldContain("> goes on");
    }

    [Theory]
    [InlineData("diff hello", "Required argument")]
    [InlineData("diff hello no-such-guest", "no file 'no-such-guest'")]
    public void What_cannot_be_compared_is_refused(string line, string message)
    {
        CommandResult result = CommandHarness.Run(line.Split(' '));

        result.Status.ShouldBeOneOf(2, 127);
        result.Error.ShouldContain(message);
        result.Error.ShouldContain("try: ");
    }

    [Theory]
    [InlineData("--no-such-option hello", "no option '--no-such-option' before GUEST")]
    [InlineData("--ram 8Q hello", "--ram '8Q'")]
    public void Options_that_are_none_are_refused(string b, string message)
    {
        CommandResult result = Diff("hello", b);

        result.Status.ShouldBe(2);
        result.Error.ShouldContain(message);
        result.Error.ShouldContain("try: ");
    }

    [Theory]
    [InlineData("hello a", "hello b", "arguments: A a, B b")]
    [InlineData("--ram 64M hello", "hello", "--ram: A 64M, B 1G")]
    [InlineData("hello \"two words\"", "hello two words", "arguments: A two words, B two words")]
    [InlineData("--env=A=b hello", "hello", "--env: A A=b, B none")]
    public void Guests_have_arguments_and_options_in_quotes(string a, string b, string told)
    {
        CommandResult result = Diff(a, b);

        result.Error.ShouldBe("");
        result.Out.ShouldContain(told);
        result.Status.ShouldBe(result.Out.Contains("\nequal", StringComparison.Ordinal) ? 0 : 1);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string RecordCat(string name, string file, string content)
    {
        File.WriteAllText(file, content);
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        return Record(name, $"/bin/cat {file}");
    }

    private static CommandResult Diff(string a, string b) => CommandHarness.RunHere("diff", a, b);

    /// <summary>Records a run; words of <paramref name="line"/> are parted by blanks, or by bars where it has some.</summary>
    private string Record(string name, string line)
    {
        string file = Path.Combine(_folder, $"{name}.mmurec");
        CommandHarness.RunHere(["run", "-q", "--record", file, .. line.Split(line.Contains('|', StringComparison.Ordinal) ? '|' : ' ')]);
        RecordingReader.Read(file).IsCut.ShouldBeFalse();
        return file;
    }
}
