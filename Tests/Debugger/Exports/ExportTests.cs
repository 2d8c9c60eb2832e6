using MmuEmu.Debugger;
using MmuEmu.Debugger.Exports;

namespace MmuEmu.Tests.Debugger.Exports;

/// <summary>What all formats have in common.</summary>
public sealed class ExportTests : IDisposable
{
    [Theory]
    [InlineData("ndjson")]
    [InlineData("perfetto")]
    [InlineData("chrome")]
    [InlineData("speedscope")]
    [InlineData("strace")]
    [InlineData("svg")]
    public void A_place_without_room_is_said(string format)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "/dev/full is not there");

        CommandResult result = CommandHarness.Run("trace", "export", "--format", format, "-o", "/dev/full", "hello");

        result.Status.ShouldBe(ExitCodes.OutputLost);
        result.Error.ShouldContain("cannot write to '/dev/full'");
        result.Error.ShouldContain("try: -o");
    }

    private readonly string _folder = Directory.CreateTempSubdirectory("mmuemu-export").FullName;

    public static TheoryData<string> Formats => [.. ExportFormat.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Equal_runs_give_equal_bytes_and_a_recording_those_of_its_run(string format)
    {
        string recording = Path.Combine(_folder, "run.mmurec");
        CommandHarness.RunHere("run", "-q", "--record", recording, "vrange-recover").Status.ShouldBe(0);

        byte[] once = Exported.Of($"--format {format} vrange-recover");

        once.ShouldNotBeEmpty();
        Exported.Of($"--format {format} vrange-recover").ShouldBe(once);
        Exported.Of($"--format {format} {recording}").ShouldBe(once);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Nothing_of_the_host_is_written(string format)
    {
        string text = Exported.Text($"--format {format} cow-fork");

        text.ShouldNotContain(Environment.CurrentDirectory);
        text.ShouldNotContain(AppContext.BaseDirectory.TrimEnd('/'));
    }

    [Fact]
    public void Without_a_file_it_goes_to_standard_output()
    {
        CommandResult result = CommandHarness.Run("trace", "export", "--format", "strace", "hello");

        result.Status.ShouldBe(0);
        result.GuestOut.ShouldBe(Exported.Text("--format strace hello"));
        result.GuestOut.ShouldContain("exited with 0");
    }

    [Fact]
    public void Strace_has_the_lines_of_run_and_faults_between_them()
    {
        string[] lines = Exported.Text("--format strace --kinds fault,syscall,signal vrange-recover").Split('\n');
        string[] plain = CommandHarness.RunHere("run", "-q", "--strace", "vrange-recover").Error.Split('\n');

        lines.Where(line => !line.Contains("-- #PF", StringComparison.Ordinal)).ShouldBe(plain);
        lines.Count(line => line.EndsWith("-- #PF user read 0x7ffff7ff1125 purged -> SIGBUS at vrange-recover.c:99", StringComparison.Ordinal)).ShouldBe(1);
    }

    /// <summary>A window that begins late knows no less of what is in it.</summary>
    [Theory]
    [InlineData("--format strace --from 331863", " at vrange-recover.c:99\n")]
    [InlineData("--format chrome --from 331863", "\"source\":\"vrange-recover.c:99\"")]
    [InlineData("--format chrome", "\"source\":\"mmuemu.h:73 in vrange-recover.c:93\"")]
    [InlineData("--format speedscope", "{\"name\":\"vrange-recover.c:99\",\"file\":\"vrange-recover.c\",\"line\":99}")]
    public void What_has_a_place_in_the_source_says_so(string options, string said) =>
        Exported.Text($"{options} --to 331900 vrange-recover").ShouldContain(said);

    [Theory]
    [InlineData("--format xml hello", "--format 'xml': expected ndjson, perfetto, chrome, speedscope, strace, svg")]
    [InlineData("--kinds fault,tea hello", "--kinds 'tea': expected fault,")]
    [InlineData("--format svg --kinds walk hello", "--kinds 'walk' with --format svg: expected fault")]
    [InlineData("--kinds boot hello", "--kinds 'boot' with --format ndjson: expected fault, walk")]
    [InlineData("--from 10 --to 9 hello", "--from 10 --to 9: expected a T that is not before --from, found 9")]
    [InlineData("--from soon hello", "--from soon: expected a whole number")]
    [InlineData("--frob hello", "no option '--frob' before GUEST")]
    [InlineData("-o . hello", "cannot write '.': it is a folder")]
    public void What_cannot_be_is_refused_with_a_hint(string line, string message)
    {
        CommandResult result = CommandHarness.Run(["trace", "export", .. line.Split(' ')]);

        result.Status.ShouldBe(2);
        result.Error.ShouldContain(message);
        result.Error.ShouldContain("try: ");
        result.GuestOut.ShouldBeEmpty();
    }

    [Fact]
    public void No_export_writes_over_a_recording_and_none_counts_cycles_that_nobody_counted()
    {
        string recording = Path.Combine(_folder, "run.mmurec");
        CommandHarness.RunHere("run", "-q", "--record", recording, "hello").Status.ShouldBe(0);

        CommandHarness.RunHere("trace", "export", "-o", recording, "hello").Error.ShouldContain("found a recording");
        CommandHarness.RunHere("trace", "export", "--cycles", recording).Error.ShouldContain("expected a run whose cycles are counted");
        CommandHarness.RunHere("trace", "export", "--ram", "8M", recording).Error.ShouldContain($"try: mmuemu trace export {recording}");
    }

    [Fact]
    public void A_recording_of_run_with_stats_is_told_in_cycles()
    {
        string recording = Path.Combine(_folder, "run.mmurec");
        CommandHarness.RunHere("run", "-q", "--stats", "--record", recording, "hello").Status.ShouldBe(0);

        Exported.Of($"--format chrome {recording}").ShouldBe(Exported.Of("--format chrome --cycles hello"));
        Exported.Of("--format chrome --cycles hello").ShouldNotBe(Exported.Of("--format chrome hello"));
    }

    [Fact]
    public void A_rule_that_never_acts_is_said_and_no_success()
    {
        CommandResult result = CommandHarness.RunHere("trace", "export", "--pressure", "at mark nowhere: age", "hello");

        result.Status.ShouldBe(120);
        result.GuestOut.ShouldContain("\"type\":\"end\"");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
