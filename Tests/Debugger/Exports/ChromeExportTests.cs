using System.Text.Json.Nodes;
using MmuEmu.Debugger.Exports;

namespace MmuEmu.Tests.Debugger.Exports;

/// <summary>Chrome's trace events: the members that the format asks for, and how they nest.</summary>
public sealed class ChromeExportTests
{
    [Theory]
    [InlineData("vrange-recover")]
    [InlineData("cow-fork")]
    [InlineData("--cycles --cpus 3 --seed 5 pthread-mix-musl")]
    public void Every_event_has_its_members_and_what_begins_ends(string line)
    {
        Dictionary<(int, int), (decimal At, int Depth)> tracks = [];
        foreach (JsonNode told in Events(line))
        {
            string phase = told["ph"]!.GetValue<string>();
            phase.ShouldBeOneOf("M", "B", "E", "i", "X", "C", "s", "f");
            (int Pid, int Tid) track = (told["pid"]!.GetValue<int>(), told["tid"]!.GetValue<int>());
            if (phase == "M")
            {
                told["args"]!["name"]!.GetValue<string>().ShouldNotBeEmpty();
                continue;
            }

            (phase == "E" || told["name"]!.GetValue<string>().Length > 0).ShouldBeTrue();
            (phase != "X" || told["dur"] is not null).ShouldBeTrue();
            (phase is not ("s" or "f") || told["id"]!.GetValue<ulong>() > 0).ShouldBeTrue();
            if (phase is "B" or "E")
            {
                (decimal at, int depth) = tracks.GetValueOrDefault(track);
                told["ts"]!.GetValue<decimal>().ShouldBeGreaterThanOrEqualTo(at);
                depth += phase == "B" ? 1 : -1;
                depth.ShouldBeGreaterThanOrEqualTo(0);
                tracks[track] = (told["ts"]!.GetValue<decimal>(), depth);
            }
        }

        tracks.Values.ShouldAllBe(track => track.Depth == 0);
        tracks.ShouldNotBeEmpty();
    }

    [Fact]
    public void Arrows_begin_at_a_purge_and_end_at_its_fault_later()
    {
        JsonNode[] events = Events("vrange-recover");
        Dictionary<ulong, decimal> begins = events.Where(told => IsPhase(told, "s")).ToDictionary(told => told["id"]!.GetValue<ulong>(), told => told["ts"]!.GetValue<decimal>());
        JsonNode[] ends = [.. events.Where(told => IsPhase(told, "f"))];

        begins.Count.ShouldBe(4);
        ends.Length.ShouldBe(4);
        ends.ShouldAllBe(end => end["ts"]!.GetValue<decimal>() >= begins[end["id"]!.GetValue<ulong>()] && end["bp"]!.GetValue<string>() == "e");
    }

    [Theory]
    [InlineData("chrome", 50L << 20, null)]
    [InlineData("chrome", (50L << 20) + 1, "this export has 50 MB, and programs that read chrome files fail above 50 MB; try: --format perfetto")]
    [InlineData("perfetto", 1L << 40, null)]
    public void Too_much_for_the_programs_that_read_it_is_told(string format, long bytes, string? remark)
    {
        string? told = ExportFormat.All.Single(one => one.Name == format).Remark(bytes);

        (told is null).ShouldBe(remark is null);
        (told ?? "").ShouldStartWith(remark ?? "");
    }

    private static bool IsPhase(JsonNode told, string phase) => told["ph"]!.GetValue<string>() == phase;

    private static JsonNode[] Events(string line) => [.. JsonNode.Parse(Exported.Text($"--format chrome {line}"))!["traceEvents"]!.AsArray().Select(told => told!)];
}
