namespace MmuEmu.Tests.Debugger.Terminals;

/// <summary>Programs that people use at a terminal, at a terminal.</summary>
public sealed class TerminalGuestTests
{
    [Fact]
    public async Task Vi_edits_and_leaves()
    {
        await using Screen screen = await Screen.Open();
        await screen.Put("text", "one\ntwo\n");

        await screen.Type("m run /bin/busybox vi text\n");
        await screen.Shows(" text 1/2 50%");
        await screen.Type("jiand ");
        await screen.Shows("one\nand two\n~\n");
        await screen.Press("Escape");
        await screen.Shows("- text [Modified] 2/2 100%");
        await screen.Type(":q!\n");

        await screen.Ended(0);
    }

    [Fact]
    public async Task Less_pages_with_its_text_in_a_pipe()
    {
        await using Screen screen = await Screen.Open();

        await screen.Type("seq 100 199 | m run /bin/busybox less\n");
        await screen.Shows("100\n101\n");
        await screen.Type(" ");
        await screen.Shows("120\n");
        await screen.Type("q");

        await screen.Ended(0);
    }

    [Fact]
    public async Task A_shell_edits_its_line()
    {
        await using Screen screen = await Screen.Open();

        await screen.Type("m run --env 'PS1=guest: ' /bin/busybox sh\n");
        await screen.Shows("\nguest:");
        await screen.Type("echo bcd");
        await screen.Press("Left", "Left", "Left");
        await screen.Type("a\n");
        await screen.Shows("guest: echo abcd\nabcd\nguest:");
        await screen.Press("Up");
        await screen.Shows("abcd\nguest: echo abcd");
        await screen.Type("\nexit 7\n");

        await screen.Ended(7);
    }

    [Fact]
    public async Task A_shell_without_editing_leaves_lines_to_the_terminal()
    {
        await using Screen screen = await Screen.Open();
        Assert.SkipUnless(File.Exists("/usr/bin/dash"), "needs dash: apt-get install dash");

        await screen.Type("m run --env 'PS1=guest: ' /usr/bin/dash -i\n");
        await screen.Shows("\nguest:");
        await screen.Type("echo abx");
        await screen.Press("BSpace");
        await screen.Type("c\n");
        await screen.Shows("guest: echo abc\nabc\nguest:");
        await screen.Press("C-d");

        await screen.Ended(0);
    }

    [Fact]
    public async Task Keys_of_a_shells_terminal_end_and_stop_its_jobs()
    {
        await using Screen screen = await Screen.Open();

        await screen.Type("m run --env 'PS1=guest: ' /bin/busybox sh\n");
        await screen.Shows("\nguest:");
        await screen.Type("echo go; cat\n");
        await screen.Shows("\ngo\n");
        await screen.Type("abc\n");
        await screen.Shows("\nabc\nabc\n");
        await screen.Press("C-z");
        await screen.Shows("Stopped");
        await screen.Type("fg\n");
        await screen.Shows("fg\ncat\n");
        await screen.Type("def\n");
        await screen.Shows("\ndef\ndef\n");
        await screen.Press("C-c");
        await screen.Shows("^C\nguest:");
        await screen.Type("echo s$?t\n");
        await screen.Shows("s130t\n");
        await screen.Press("C-d");

        await screen.Ended(0);
    }

    [Fact]
    public async Task A_guest_hears_of_a_new_size()
    {
        await using Screen screen = await Screen.Open();

        await screen.Type("m run /bin/busybox sh -c 'trap \"stty size\" WINCH; echo ready; while :; do :; done'\n");
        await screen.Shows("\nready\n");
        await screen.Resize(60, 12);
        await screen.Shows("\n12 60\n");
    }
}
