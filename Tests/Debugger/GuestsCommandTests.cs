using MmuEmu.Debugger;
using MmuEmu.Guests;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Tests.Guests;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Debugger;

/// <summary>The list of programs that ship: a line each in a pipe, and broken where the terminal ends.</summary>
public sealed class GuestsCommandTests
{
    [Fact]
    public void The_list_is_ordered_by_subject()
    {
        string[] lines = CommandHarness.Run("guests", "--color", "never").Out.Split('\n');

        int title = Array.IndexOf(lines, "Volatile ranges (vrange, SIGBUS):");
        lines[title + 1].ShouldStartWith("  vrange-recover ");
        lines.ShouldNotContain("Other lessons:");
    }

    [Fact]
    public void A_program_has_its_page_with_what_to_type()
    {
        string[] lines = CommandHarness.Run("guests", "volatile-cache").Out.Split('\n');

        lines.ShouldContain("  about   Volatile ranges (vrange, SIGBUS)");
        lines.ShouldContain("  run     mmuemu run --ram 8M --swap 0 volatile-cache");
        lines.ShouldContain("  see     mmuemu run --trace reclaim volatile-cache");
        CommandHarness.Run("guests", "bad-unhandled-purge").Out.ShouldContain("  see     mmuemu why bad-unhandled-purge\n");
    }

    [Fact]
    public void In_a_pipe_every_program_has_one_line()
    {
        string[] lines = CommandHarness.Run("guests", "--color", "never").Out.Split('\n');

        foreach (GuestProgram program in GuestCatalogue.Programs)
        {
            lines.ShouldContain(line => line.StartsWith($"  {program.Name} ", StringComparison.Ordinal)
                && line.EndsWith($"  {program.Summary}", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("TERM", "linux")]
    [InlineData("TERM", "dumb")]
    [InlineData("GITHUB_ACTIONS", "true")]
    [InlineData("TF_BUILD", "True")]
    public async Task Into_a_pipe_the_list_is_the_same_wherever_it_is_written(string variable, string value)
    {
        HostPlace place = new(SourceTree.Root) { Variables = [(variable, value)] };

        HostRun run = await MmuemuCommand.Run(place, "guests", "--color", "never");

        run.Output.ShouldBe(CommandHarness.Run("guests", "--color", "never").Out);
    }

    [Fact]
    public void On_a_terminal_no_line_is_longer_than_it_is_wide()
    {
        string list = OnTerminal(columns: 60);

        list.Split('\n').ShouldAllBe(line => line.Length <= 60);
        list.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(CommandHarness.Run("guests", "--color", "never").Out.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_terminal_that_does_not_tell_its_size_gets_whole_lines() =>
        OnTerminal(columns: 0).ShouldBe(CommandHarness.Run("guests", "--color", "never").Out);

    private static string OnTerminal(ushort columns)
    {
        StringWriter output = new() { NewLine = "\n" };
        Screen screen = new(columns);
        Program.Run(["guests", "--color", "never"], Output.To(output, TextWriter.Null, new GuestStreams(screen, screen, screen))).ShouldBe(0);
        return output.ToString();
    }

    private sealed class Screen(ushort columns) : IHostStream
    {
        public bool IsTerminal => true;

        public (ushort Columns, ushort Rows) Size => (columns, 24);

        public Errno Read(Span<byte> destination, out int count)
        {
            count = 0;
            return Errno.None;
        }

        public Errno Write(ReadOnlySpan<byte> source, out int count)
        {
            count = source.Length;
            return Errno.None;
        }
    }
}
