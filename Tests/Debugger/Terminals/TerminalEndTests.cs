namespace MmuEmu.Tests.Debugger.Terminals;

/// <summary>However a run ends, the user can end it, and the terminal is then as it was.</summary>
public sealed class TerminalEndTests
{
    private const string Counting = "n=0; trap \"n=\\$((n+1)); echo got \\$n\" INT; echo ready; while :; do :; done";

    [Fact]
    public async Task A_guest_counts_interrupts_and_two_in_a_second_end_it()
    {
        await using Screen screen = await Screen.Open();

        await screen.Type($"m run /bin/busybox sh -c '{Counting}'\n");
        await screen.Shows("\nready\n");
        for (int i = 1; i <= 3; i++)
        {
            await screen.Press("C-c");
            await screen.Shows($"got {i}\n");
            await screen.Rest();
        }

        await screen.PressUntil("C-c", "interrupted at t=");
        await screen.Ended(130);
    }

    [Fact]
    public async Task The_first_interrupt_ends_a_guest_that_does_not_mind()
    {
        await using Screen screen = await Screen.Open();

        await screen.Type("m run /bin/busybox sh -c 'echo ready; while :; do :; done'\n");
        await screen.Shows("\nready\n");
        await screen.Press("C-c");

        await screen.Shows("killed by SIGINT at t=");
        await screen.Ended(130);
    }

    [Fact]
    public async Task The_first_interrupt_ends_a_run_whose_output_is_in_a_pipe()
    {
        await using Screen screen = await Screen.Open();

        await screen.Type($"m run /bin/busybox sh -c '{Counting}' > out\n");
        await screen.Shows("mmuemu: t=");
        await screen.Press("C-c");

        await screen.Shows("interrupted at t=");
        await screen.Ended(130);
    }

    [Fact]
    public async Task A_guest_that_made_the_interrupt_a_byte_and_hangs_can_be_ended()
    {
        await using Screen screen = await Screen.Open();

        await screen.Type("m run /bin/busybox sh -c 'stty raw -echo; echo ready; while :; do :; done'\n");
        await screen.Shows("\nready\n");

        await screen.PressUntil("C-c", "interrupted at t=");
        await screen.Ended(130);
    }

    [Fact]
    public async Task A_guest_that_made_the_interrupt_a_byte_reads_it()
    {
        await using Screen screen = await Screen.Open();

        await screen.Type("m run /bin/busybox sh -c 'stty raw -echo; echo ready; dd bs=1 count=2 2>/dev/null | od -An -tx1; stty sane; echo'\n");
        await screen.Shows("\nready\n");
        await screen.Press("C-c");
        await screen.Press("C-z");

        await screen.Shows("03 1a\n");
        await screen.Ended(0);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task A_signal_of_the_host_ends_the_command_after_the_terminal_is_put_back(string signal, int status)
    {
        await using Screen screen = await Screen.Open();

        await screen.Type("m run /bin/busybox vi text\n");
        await screen.Shows(" text 1/1 100%");
        await screen.Signal(signal);

        await screen.Ended(status);
    }

    [Fact]
    public async Task A_timeout_puts_the_terminal_back()
    {
        await using Screen screen = await Screen.Open();

        await screen.Type("m run --timeout 3 /bin/busybox vi text\n");

        await screen.Shows("stopped by --timeout 3");
        await screen.Ended(124);
    }

    [Fact]
    public async Task A_command_that_is_stopped_lends_the_terminal_to_the_shell()
    {
        await using Screen screen = await Screen.Open();

        // Given a guest with settings of its own
        await screen.Type("m run /bin/busybox sh -c 'stty -echo; echo ready; read a; echo \"read $a\"; read a; echo \"read $a\"'\n");
        await screen.Shows("\nready\n");
        await screen.Type("one\n");
        await screen.Shows("\nread one\n");

        // When the user stops the command
        await screen.Press("C-z");
        await screen.Prompts();
        await screen.Type("stty -a | cmp - before && echo l'ent'\n");
        await screen.Shows("\nlent\n");

        // Then it goes on in the foreground where it was, with the guest's settings
        await screen.Type("fg\n");
        await screen.Sets(" -echo ");
        await screen.Type("two\n");
        string text = await screen.Shows("\nread two\n");
        text.ShouldNotContain("\ntwo\n");
        await screen.Ended(0);
    }
}
