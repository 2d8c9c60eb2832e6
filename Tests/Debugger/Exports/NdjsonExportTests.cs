using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Debugger.Exports;

/// <summary>Lines are what <c>docs/trace-schema.json</c> says, and its events are those of reports.</summary>
public sealed class NdjsonExportTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(Text("trace-schema.json"));

    [Theory]
    [InlineData("hello a b")]
    [InlineData("--kinds all vrange-recover")]
    [InlineData("--kinds all --to 3000 cow-fork")]
    [InlineData("--kinds access --to 400 hello")]
    [InlineData("--cycles --cpus 2 hello")]
    [InlineData("mprotect-segv")]
    [InlineData("--pressure every_500_insns:_age --kinds rule,reclaim hello")]
    public void Every_line_is_of_the_schema(string line)
    {
        JsonNode[] lines = Lines([.. line.Split(' ').Select(word => word.Replace('_', ' '))]);

        lines.Length.ShouldBeGreaterThan(2);
        lines.SelectMany(Problems).ShouldBeEmpty();
        lines[0]["schema"]!.GetValue<string>().ShouldBe("mmuemu.trace/1");
        lines[^1]["type"]!.GetValue<string>().ShouldBe("end");
    }

    [Fact]
    public void Events_are_those_of_a_report_from_the_begin_of_the_first_process_on()
    {
        JsonNode report = JsonNode.Parse(CommandHarness.RunHere("run", "--json", "vrange-recover").Out)!;

        Lines("vrange-recover")[1..^1].Select(line => line.ToJsonString()).ShouldBe(report["events"]!.AsArray().Select(told => told!.ToJsonString()));
    }

    [Fact]
    public void The_schemas_of_reports_and_of_exports_have_the_same_events()
    {
        JsonNode ofReports = JsonNode.Parse(Text("run-schema.json"))!;
        JsonNode ofExports = JsonNode.Parse(Text("trace-schema.json"))!;

        foreach ((string name, JsonNode? meaning) in ofExports["$defs"]!.AsObject().Where(known => known.Key is not ("head" or "finish")))
        {
            JsonNode.DeepEquals(meaning, ofReports["$defs"]![name]).ShouldBeTrue(name);
        }
    }

    [Fact]
    public void A_window_leaves_out_what_is_before_and_behind_and_does_not_run_further()
    {
        JsonNode[] all = Lines("vrange-recover");
        JsonNode[] some = Lines("--from", "900", "--to", "50000", "vrange-recover");

        some[1..^1].Select(line => line.ToJsonString()).ShouldBe(all[1..^1].Where(line => TimeOf(line) is >= 900 and <= 50000).Select(line => line.ToJsonString()));
        some[^1].ToJsonString().ShouldBe("""{"type":"end","t":50000,"reason":"Window"}""");
        all[^1]["exitCode"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public void A_guest_that_is_killed_and_one_that_is_stopped_end_as_they_do()
    {
        JsonNode killed = Lines("bad-null")[^1];

        (killed["reason"]!.GetValue<string>(), killed["exitCode"]!.GetValue<int>()).ShouldBe(("Killed", 139));
        Lines("--max-insns", "1000", "hello")[^1]["reason"]!.GetValue<string>().ShouldBe("LimitReached");
    }

    [Fact]
    public void Jq_reads_it()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/jq"), "needs jq");
        ProcessStartInfo start = new("/usr/bin/jq", ["-s", "-r", "map(select(.type==\"fault\" and .signal!=null)) | length"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using Process jq = Process.Start(start)!;
        jq.StandardInput.Write(Exported.Text("vrange-recover"));
        jq.StandardInput.Close();

        jq.StandardOutput.ReadToEnd().ShouldBe("4\n");
    }

    private static JsonNode[] Lines(params string[] words)
    {
        CommandResult result = CommandHarness.RunHere(["trace", "export", .. words]);
        return [.. result.GuestOut.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private static ulong TimeOf(JsonNode line) => line["t"]!.GetValue<ulong>();

    private static string Text(string name) => File.ReadAllText(Path.Combine(SourceTree.Root, "docs", name));

    private static IEnumerable<string> Problems(JsonNode line)
    {
        EvaluationResults results = Schema.Evaluate(JsonSerializer.SerializeToElement(line), new EvaluationOptions { OutputFormat = OutputFormat.Flag });
        return results.IsValid ? [] : [line.ToJsonString()];
    }
}
