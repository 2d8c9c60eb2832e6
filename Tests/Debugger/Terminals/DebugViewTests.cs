using System.Globalization;
using System.Text;
using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.Debugger.Terminals;

/// <summary>The terminal view, at a terminal.</summary>
public sealed class DebugViewTests
{
    [Fact]
    public async Task From_a_signal_back_into_the_walk_and_to_the_purge()
    {
        await using Screen screen = await Screen.Open();
        StringBuilder seen = new();
        await screen.Resize(120, 40);

        await screen.Type("LC_ALL=C m debug vrange-recover\n");
        await screen.Shows("1 walk of");
        await screen.Press("g");
        await Keep(seen, "g", screen, "[m]", "pid 1000", "|15 of 16:");
        for (int step = 14; step >= 4; step--)
        {
            await screen.Press("U");
            await Keep(seen, "U", screen, "[m]", "2 why -", string.Create(CultureInfo.InvariantCulture, $"|{step} of 16:"));
        }

        await screen.Press("m");
        await Keep(seen, "m", screen, "<< PAST >>", "VRANGE_PURGED gone X", "T 331 862", "[m]");
        await screen.Press("q");

        await Leave(screen);
        GoldenFile.Check("view/session.txt", seen.ToString());
    }

    [Fact]
    public async Task A_command_and_the_help_open_and_close_over_the_view_in_a_small_window()
    {
        await using Screen screen = await Screen.Open();
        await screen.Resize(80, 24);

        await screen.Type("LC_ALL=C m debug --break fault vrange-recover\n");
        await screen.Shows("1 walk of");
        await screen.Press("?");
        await screen.Shows("The bar:");
        await screen.Press("Escape");
        await screen.Shows("1 walk of");
        await screen.Type(":tasks\n");
        await screen.Shows("pid 1000");
        await screen.Type(":nonsense\n");
        await screen.Shows("expected a command");
        await screen.Press("q");

        await Leave(screen);
    }

    [Fact]
    public async Task What_takes_long_says_so_and_can_be_stopped()
    {
        await using Screen screen = await Screen.Open();
        await screen.Put("spin.sh", "while :; do :; done\n");
        await screen.Resize(100, 30);

        await screen.Type("LC_ALL=C m debug /bin/busybox sh spin.sh\n");
        await screen.Shows("1 walk of");
        await screen.Type(":seek end\n");
        await screen.Shows("Ctrl-C stops");
        await screen.Press("C-c");
        await screen.Shows(text => !text.Contains("Ctrl-C stops", StringComparison.Ordinal), "the end of the move");
        await screen.Press("q");

        await Leave(screen);
    }

    [Fact]
    public async Task What_the_guest_writes_is_in_its_panel_and_nowhere_else()
    {
        await using Screen screen = await Screen.Open();
        await screen.Resize(200, 50);

        await screen.Type("LC_ALL=C m debug --at end vrange-recover\n");
        string text = await screen.Shows("wrong bytes at the end: 0");
        text.ShouldContain("7 output");
        await screen.Press("q");

        await screen.Prompts();
        (await screen.Text()).ShouldNotContain("wrong bytes");
        await Leave(screen);
    }

    /// <summary>The shell is there again, and the terminal, of its old size, as it was.</summary>
    private static async Task Leave(Screen screen)
    {
        await screen.Prompts();
        await screen.Resize(80, 16);
        await screen.Ended(0);
    }

    /// <summary>Waits until all of it is to be seen, and keeps the screen.</summary>
    private static async Task Keep(StringBuilder seen, string key, Screen screen, params string[] wanted)
    {
        string text = await screen.Shows(shown => wanted.All(part => shown.Contains(part, StringComparison.Ordinal)), string.Join(" and ", wanted));
        seen.Append(CultureInfo.InvariantCulture, $"== {key}\n").Append(text.TrimEnd('\n')).Append('\n');
    }
}
