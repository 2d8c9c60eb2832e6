using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Debugger.Shells;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Debugger;

/// <summary>Reports are what <c>docs/run-schema.json</c> says, and it says all of them.</summary>
public sealed class RunSchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "run-schema.json")));

    /// <summary>Options of <c>run</c> that a report does not keep, each with the reason.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["--json"] = "it makes the report",
        ["--from"] = "it says which run, and that is in the report",
        ["--record"] = "it writes another file of the same run",
        ["--quiet"] = "it changes nothing of the run or of the report",
        ["-q"] = "as --quiet",
        ["--color"] = "as --quiet",
        ["--timeout"] = "it is time of the host; where it ended the run, the end has it",
        ["--help"] = "it runs nothing",
        ["-h"] = "as --help",
        ["-?"] = "as --help",
    };

    public static TheoryData<string> Lines =>
    [
        "hello", "hello-glibc a b", "vrange-recover", "cow-fork", "sockets", "lost-update", "bad-null", "oom", "--max-insns 1000 hello",
        "--trace all --max-insns 3000 hello", "--trace access --max-insns 500 hello", "--stats --cpus 2 --env A=b hello", "--strace --tlb nocache page-touch",
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public void The_report_of_a_program_that_ships(string line) => Check(ReportedRun.Of(line.Split(' ')));

    [Fact]
    public void The_report_of_a_run_with_rules_of_which_one_never_acts() =>
        Check(ReportedRun.Of("--trace", "reclaim,rule", "--pressure", "at syscall vrange#1 return: purge", "--pressure", "at mark nowhere: age", "vrange-recover"));

    [Fact]
    public void The_report_of_a_run_that_time_ended()
    {
        using AsmGuest guest = new(c =>
        {
            Iced.Intel.Label again = c.CreateLabel();
            c.Label(ref again);
            c.jmp(again);
        });

        Check(ReportedRun.CutShort(1 << 18, guest.Path));
    }

    [Fact]
    public void The_report_of_a_deadlock()
    {
        using AsmGuest guest = new(c =>
        {
            c.Call(22, AssembledGuest.Data);
            c.Call(0, 3, AssembledGuest.Data + 8, 1);
            c.Exit(0);
        });

        JsonNode report = Check(ReportedRun.Of(guest.Path));

        report["end"]!["kind"]!.GetValue<string>().ShouldBe("deadlock");
        report["end"]!["waiters"]!.AsArray().Single()!.GetValue<string>().ShouldContain("nobody writes to");
    }

    [Fact]
    public void The_report_of_an_instruction_that_the_machine_does_not_have()
    {
        using AsmGuest guest = new(c => c.Exit(0));
        File.Delete(guest.Path);
        File.WriteAllBytes(guest.Path, AssembledGuest.Build([0x62, 0xF1, 0x7C, 0x48, 0x58, 0xC0]));

        Check(ReportedRun.Of(guest.Path));
    }

    [Fact]
    public void The_report_of_a_program_of_the_host_with_its_libraries()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/ls"), "needs /bin/ls");

        JsonNode report = Check(ReportedRun.Of("/bin/ls", "/"));

        report["files"]!.AsArray().Count.ShouldBeGreaterThan(1);
        report["run"]!["program"]!.GetValue<string>().ShouldBe("/bin/ls");
    }

    [Theory]
    [InlineData("version")]
    [InlineData("run")]
    [InlineData("stdin")]
    [InlineData("end")]
    [InlineData("programSha256")]
    public void A_report_without_what_repeats_it_is_none(string member)
    {
        using ReportedRun run = ReportedRun.Of("hello");
        run.Change(report => report.AsObject().Remove(member));

        Problems(run.Json()).ShouldNotBeEmpty();
    }

    [Fact]
    public void Every_option_of_run_is_in_the_report_or_has_a_reason_not_to_be()
    {
        using ReportedRun run = ReportedRun.Of("hello");
        string[] kept = [.. run.Json()["run"]!["options"]!.AsObject().Select(option => option.Key)];

        HelpPages.All.Single(page => page.Command == "run").Options.ShouldBe([.. kept, .. Elsewhere.Keys], ignoreOrder: true);
    }

    [Fact]
    public void The_report_of_a_program_that_ships_has_nothing_of_the_host()
    {
        string report = ReportedRun.Of("hello").Result.Out;

        report.ShouldNotContain(Environment.CurrentDirectory);
        report.ShouldNotContain(AppContext.BaseDirectory.TrimEnd('/'));
        report.ShouldNotContain(Path.GetTempPath().TrimEnd('/') + "/");
    }

    private static JsonNode Check(ReportedRun run)
    {
        using (run)
        {
            JsonNode report = run.Json();
            Problems(report).ShouldBeEmpty();
            return report;
        }
    }

    private static string[] Problems(JsonNode report)
    {
        EvaluationResults results = Schema.Evaluate(JsonSerializer.SerializeToElement(report), new EvaluationOptions { OutputFormat = OutputFormat.List });
        return results.IsValid ? [] : [$"{results.InstanceLocation}: not valid", .. (results.Details ?? [])
            .Where(detail => detail.Errors is not null)
            .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}")).Take(20)];
    }
}
