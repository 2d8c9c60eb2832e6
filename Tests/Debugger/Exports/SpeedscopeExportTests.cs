using System.Text.Json.Nodes;

namespace MmuEmu.Tests.Debugger.Exports;

/// <summary>Profiles have what speedscope's published schema requires, and name the functions.</summary>
public sealed class SpeedscopeExportTests
{
    [Theory]
    [InlineData("vrange-recover", 1)]
    [InlineData("--kinds fault,walk vrange-recover", 2)]
    [InlineData("--kinds walk cow-fork", 1)]
    [InlineData("hello-pie", 1)]
    public void Every_member_that_the_schema_requires_is_there(string line, int profiles)
    {
        JsonNode file = File(line);

        file["$schema"]!.GetValue<string>().ShouldBe("https://www.speedscope.app/file-format-schema.json");
        int frames = file["shared"]!["frames"]!.AsArray().Count;
        file["shared"]!["frames"]!.AsArray().ShouldAllBe(frame => frame!["name"]!.GetValue<string>().Length > 0);
        file["profiles"]!.AsArray().Count.ShouldBe(profiles);
        foreach (JsonNode? profile in file["profiles"]!.AsArray())
        {
            profile!["type"]!.GetValue<string>().ShouldBe("sampled");
            profile["name"]!.GetValue<string>().ShouldNotBeEmpty();
            profile["unit"]!.GetValue<string>().ShouldBe("none");
            profile["startValue"]!.GetValue<ulong>().ShouldBe(0UL);
            ulong[] weights = [.. profile["weights"]!.AsArray().Select(weight => weight!.GetValue<ulong>())];
            profile["endValue"]!.GetValue<ulong>().ShouldBe(weights.Aggregate(0UL, (all, weight) => all + weight));
            profile["samples"]!.AsArray().Count.ShouldBe(weights.Length);
            profile["samples"]!.AsArray().SelectMany(sample => sample!.AsArray()).ShouldAllBe(frame => frame!.GetValue<int>() < frames);
        }
    }

    [Theory]
    [InlineData("vrange-recover", "main")]
    [InlineData("hello-pie", "__libc_start_main")]
    public void Faults_belong_to_functions(string guest, string function) =>
        File(guest)["shared"]!["frames"]!.AsArray().Select(frame => frame!["name"]!.GetValue<string>()).ShouldContain(function);

    /// <summary>The walks that a profile weighs are those that a trace tells.</summary>
    [Fact]
    public void Walks_weigh_the_entries_that_they_read()
    {
        ulong entries = 0;
        foreach (string line in Exported.Text("--kinds walk vrange-recover").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            JsonNode told = JsonNode.Parse(line)!;
            entries += told["what"]?.GetValue<string>() == "Walk" ? (ulong)told["walk"]!.AsArray().Count : 0;
        }

        File("--kinds walk vrange-recover")["profiles"]![0]!["endValue"]!.GetValue<ulong>().ShouldBe(entries);
    }

    private static JsonNode File(string line) => JsonNode.Parse(Exported.Text($"--format speedscope {line}"))!;
}
