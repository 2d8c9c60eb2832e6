namespace MmuEmu.Tests.Debugger.Terminals;

/// <summary>A silent run shows that it is alive, on a terminal and nowhere else.</summary>
public sealed class StatusLineTests
{
    private const string Silent = "/bin/busybox sh -c 'while :; do :; done'";

    [Fact]
    public async Task It_grows_and_is_gone_before_anything_else()
    {
        await using Screen screen = await Screen.Open();

        await screen.Type($"m run {Silent}; echo after\n");
        string first = Line(await screen.Shows(" MIPS"));
        await screen.Shows(text => text.Contains(" MIPS", StringComparison.Ordinal) && Line(text) != first, "another number");
        await screen.Press("C-c");
        string text = await screen.Shows("\nafter\n");

        first.ShouldMatch(@"^mmuemu: t=\d+, \d+ MIPS$");
        text.ShouldNotContain("MIPS");
        text.ShouldContain("mmuemu: /bin/busybox: killed by SIGINT at t=");
    }

    [Fact]
    public async Task It_leaves_half_a_line_of_the_guest_alone()
    {
        await using Screen screen = await Screen.Open();

        await screen.Type("m run --timeout 4 /bin/busybox sh -c 'printf half; while :; do :; done' 2>&1; echo after\n");
        string text = await screen.Shows("\nafter\n");

        text.ShouldContain("\nhalfmmuemu: /bin/busybox: stopped");
    }

    [Theory]
    [InlineData("m run --timeout 4 --quiet SILENT")]
    [InlineData("TERM=dumb m run --timeout 4 SILENT")]
    [InlineData("m run --timeout 4 SILENT 2>errors; cat -v errors")]
    public async Task It_stays_away(string line)
    {
        await using Screen screen = await Screen.Open();

        await screen.Type($"{line.Replace("SILENT", Silent, StringComparison.Ordinal)}; echo after\n");
        bool seen = false;
        await screen.Shows(
            now =>
            {
                seen |= now.Contains("MIPS", StringComparison.Ordinal);
                return now.Contains("\nafter\n", StringComparison.Ordinal);
            },
            "the end");

        seen.ShouldBeFalse();
    }

    private static string Line(string text) => text.Split('\n').Last(line => line.Contains(" MIPS", StringComparison.Ordinal));
}
