using System.Text.Json;
using MmuEmu.Debugger;
using MmuEmu.Guests;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Debugger;

/// <summary>What the command does for programs that ship: one path, the catalogue's options, no terminal; and for others.</summary>
public sealed class ShippedGuestCommandTests
{
    [Theory]
    [InlineData("hello")]
    [InlineData("/guests/hello")]
    public void A_program_that_ships_has_one_path_however_it_is_named(string typed)
    {
        JsonElement root = Json("run", "--json", typed, "x");

        root.GetProperty("guest").GetString().ShouldBe("/guests/hello");
        Texts(root, "what").ShouldContain("runs /guests/hello");
        Texts(root, "mapping").Where(text => text.Contains('/', StringComparison.Ordinal)).ShouldAllBe(text => text.EndsWith(" /guests/hello", StringComparison.Ordinal));
    }

    [Fact]
    public void A_users_file_keeps_the_path_that_he_typed()
    {
        string file = GuestFiles.BuiltFileOf(GuestFiles.Find("hello"));

        JsonElement root = Json("run", "--json", file);

        root.GetProperty("guest").GetString().ShouldBe(file);
        Texts(root, "mapping").ShouldContain(text => text.EndsWith(file, StringComparison.Ordinal));
    }

    [Fact]
    public void Why_shows_the_path_and_hints_at_what_was_typed()
    {
        string text = CommandHarness.Run("why", "bad-jump-nx").Out;

        text.ShouldStartWith("/guests/bad-jump-nx: SIGSEGV");
        text.ShouldContain("mmuemu walk bad-jump-nx 0x");
        text.ShouldNotContain(AppContext.BaseDirectory);
    }

    [Fact]
    public void The_catalogues_options_apply_and_are_told()
    {
        CommandResult result = CommandHarness.Run("run", "oom");

        result.Status.ShouldBe(137);
        result.Error.ShouldContain("mmuemu: oom runs with --ram 8M --swap 0, as its lesson needs; what you type comes first\n");
        CommandHarness.Run("run", "--quiet", "oom").Error.ShouldBeEmpty();
        CommandHarness.Run("run", "hello").Error.ShouldBeEmpty();
    }

    [Fact]
    public void What_the_user_types_comes_before_the_catalogue()
    {
        JsonElement root = Json("run", "--json", "--ram", "12M", "oom");

        root.GetProperty("ramBytes").GetUInt64().ShouldBe(12UL << 20);
        root.GetProperty("diagnostics")[0].GetString()!.ShouldStartWith("oom runs with --swap 0, ");
        Json("run", "--json", "--ram", "12M", "--swap", "1M", "oom").GetProperty("diagnostics")[0].GetString()!.ShouldNotContain("runs with");
    }

    [Fact]
    public void Every_row_of_the_catalogue_has_options_that_run_knows() =>
        GuestCatalogue.Programs.Where(program => program.RunOptions.Count > 0)
            .ShouldAllBe(program => CommandHarness.Run("walk", program.Name, "0", "--at", "0").Status == 0);

    [Fact]
    public void A_terminal_and_a_pipe_show_a_program_that_ships_the_same()
    {
        (string pipe, string terminal) = (Strace("hello", isTerminal: false), Strace("hello", isTerminal: true));

        terminal.ShouldBe(pipe);
        string own = GuestFiles.BuiltFileOf(GuestFiles.Find("hello"));
        Strace(own, isTerminal: true).ShouldNotBe(Strace(own, isTerminal: false));
    }

    [Fact]
    public void A_program_that_ships_sees_nothing_of_the_host()
    {
        string text = CommandHarness.Run("run", "--strace", "hello-glibc").Error;

        text.ShouldContain("readlink(\"/proc/self/exe\"");
        text.ShouldContain("= 19");
        text.ShouldNotContain(AppContext.BaseDirectory);
    }

    [Fact]
    public void A_shortage_is_one_line_that_says_what_to_type()
    {
        string[] lines = CommandHarness.Run("run", "oom").Error.Split('\n');

        lines.Count(line => line.StartsWith("mmuemu: RAM of 8M was too small: the out-of-memory killer ended oom (1000) at t=", StringComparison.Ordinal)
            && line.EndsWith("; try: --ram 16M", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void A_shortage_is_data_in_json_and_null_without_one()
    {
        JsonElement shortage = Json("run", "--json", "oom").GetProperty("shortage");

        shortage.GetProperty("refused").GetString().ShouldBe("kill");
        shortage.GetProperty("ramBytes").GetUInt64().ShouldBe(8UL << 20);
        shortage.GetProperty("try").GetString().ShouldBe("--ram 16M");
        Json("run", "--json", "hello").GetProperty("shortage").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private static JsonElement Json(params string[] args) => JsonDocument.Parse(CommandHarness.Run(args).Out).RootElement;

    private static IEnumerable<string> Texts(JsonElement root, string property) => root.GetProperty("events").EnumerateArray()
        .Where(happened => happened.TryGetProperty(property, out _))
        .Select(happened => happened.GetProperty(property).GetString()!);

    private static string Strace(string guest, bool isTerminal)
    {
        StringWriter error = new() { NewLine = "\n" };
        GuestStreams streams = new(new Seat(isTerminal), new Seat(isTerminal), new Seat(isTerminal));
        Program.Run(["run", "--color", "never", "--strace", guest], Output.To(TextWriter.Null, error, streams)).ShouldBe(0, error.ToString());
        return error.ToString();
    }

    /// <summary>A stream at which a person may sit.</summary>
    private sealed class Seat(bool isTerminal) : IHostStream
    {
        public bool IsTerminal => isTerminal;

        public (ushort Columns, ushort Rows) Size => (132, 43);

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
