using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MmuEmu.Guests;

namespace MmuEmu.Tests.Debugger;

/// <summary>What <c>walk</c> takes for an address, and its document.</summary>
public sealed class WalkAddressTests
{
    [Theory]
    [InlineData("401000", "0x401000 at ")]
    [InlineData("0x401000", "0x401000 at ")]
    [InlineData("0x40_1000", "0x401000 at ")]
    [InlineData("deadbeef", "0xdeadbeef at ")]
    public void A_number_is_hexadecimal(string typed, string head) => CommandHarness.Run("walk", "hello", typed).Out.ShouldStartWith(head);

    [Fact]
    public void A_symbol_stands_for_its_address_with_hexadecimal_and_decimal_offsets()
    {
        ulong main = AddressOf("hello", "main");

        (AddressOf("hello", "main+0x10"), AddressOf("hello", "main+16")).ShouldBe((main + 16, main + 16));
        CommandHarness.Run("walk", "hello", "main+0x10").Out.ShouldContain(" (main+0x10) at t=");
        CommandHarness.Run("walk", "hello", "main").Out.ShouldContain("user fetch    allowed");
    }

    [Fact]
    public void The_load_bias_of_a_position_independent_program_is_added() =>
        AddressOf("hello-pie", "main").ShouldBeInRange(0x5555_5555_5000UL, 0x5555_5560_0000UL);

    [Theory]
    [InlineData("mainn", "try: main")]
    [InlineData("mian", "try: main")]
    [InlineData("MAIN", "try: main")]
    [InlineData("main+zz", "try: main+0x10")]
    [InlineData("no_such_thing_at_all", "try: 0x401000")]
    [InlineData("", "try: ")]
    public void An_unknown_word_is_refused_with_what_may_be_meant(string typed, string hint)
    {
        CommandResult result = CommandHarness.Run("walk", "hello", typed);

        (result.Status, result.Out).ShouldBe((2, ""));
        result.Error.ShouldContain(hint);
    }

    [Fact]
    public void A_symbol_that_reads_as_a_number_is_the_symbol_and_says_so()
    {
        using TempGuest guest = TempGuest.OfHello(file => Replace(file, "main\0", "face\0"));

        CommandResult word = CommandHarness.Run("walk", guest.Path, "face");

        word.Out.ShouldContain(" (face) at t=");
        word.Error.ShouldContain("'face' is taken for the guest's symbol; for the number type 0xface");
        CommandHarness.Run("walk", guest.Path, "0xface").Out.ShouldStartWith("0xface at ");
        CommandHarness.Run("walk", "hello", "face").Out.ShouldStartWith("0xface at ");
    }

    [Theory]
    [InlineData("bad-abort")]
    [InlineData("bad-trap")]
    [InlineData("bad-null")]
    [InlineData("hello")]
    public void The_end_of_a_run_is_before_the_program_is_gone(string guest) =>
        CommandHarness.Run("walk", guest, "main").Out.ShouldContain("user fetch    allowed");

    [Fact]
    public void A_symbol_of_a_library_is_refused()
    {
        ulong main = AddressOf("hello", "main");
        using TempGuest guest = TempGuest.OfHello(file => Undefine(file, main));

        CommandResult result = CommandHarness.Run("walk", guest.Path, "main");

        result.Status.ShouldBe(2);
        result.Error.ShouldContain("'main' is defined by a library");
    }

    [Fact]
    public void A_damaged_symbol_table_is_no_defect()
    {
        using TempGuest guest = TempGuest.OfHello(file => file.AsSpan(40, 8).Fill(0xF0));

        CommandResult result = CommandHarness.Run("walk", guest.Path, "main");

        (result.Status, result.Out).ShouldBe((2, ""));
    }

    [Fact]
    public void The_document_has_each_level_and_what_each_access_meets()
    {
        JsonElement walk = Json("walk", "hello", "main", "--json");

        walk.GetProperty("schema").GetString().ShouldBe("mmuemu.walk/1");
        walk.GetProperty("symbol").GetString().ShouldBe("main");
        JsonElement[] levels = [.. walk.GetProperty("walk").EnumerateArray()];
        levels.Select(level => level.GetProperty("level").GetString()).ShouldBe(["PML4E", "PDPTE", "PDE", "PTE"]);
        levels[3].GetProperty("bits").EnumerateArray().Select(bit => bit.GetString()).ShouldBe(["P", "U", "A"]);
        levels[3].GetProperty("source").GetString().ShouldBe("read");
        walk.GetProperty("pageBytes").GetInt32().ShouldBe(4096);
        (walk.GetProperty("at").GetString(), walk.GetProperty("reached").GetBoolean()).ShouldBe(("end", true));
        Json("walk", "hello", "main", "--json", "--at", "mark:never").GetProperty("reached").GetBoolean().ShouldBeFalse();
        JsonElement write = walk.GetProperty("accesses").EnumerateArray().Single(one => one.GetProperty("access").GetString() == "user write");
        (write.GetProperty("allowed").GetBoolean(), write.GetProperty("code").GetInt32()).ShouldBe((false, 7));
    }

    [Fact]
    public void The_document_of_an_address_without_a_page_says_where_it_ends()
    {
        JsonElement walk = Json("walk", "hello", "0x7fff00000000", "--json");

        walk.GetProperty("physical").ValueKind.ShouldBe(JsonValueKind.Null);
        JsonElement last = walk.GetProperty("walk").EnumerateArray().Last();
        (last.GetProperty("present").GetBoolean(), last.GetProperty("meaning").GetString()).ShouldBe((false, "not present: no table"));
        Json("walk", "hello", "0x8000000000000000", "--json").GetProperty("canonical").GetBoolean().ShouldBeFalse();
    }

    private static ulong AddressOf(string guest, string typed) =>
        ulong.Parse(CommandHarness.Run("walk", guest, typed).Out.Split(' ')[0][2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static JsonElement Json(params string[] args) => JsonDocument.Parse(CommandHarness.Run(args).Out).RootElement;

    /// <summary>Everywhere: names that end alike share their letters in a table of strings.</summary>
    private static void Replace(byte[] file, string from, string to)
    {
        for (int at; (at = file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(from))) >= 0;)
        {
            Encoding.ASCII.GetBytes(to).CopyTo(file, at);
        }
    }

    /// <summary>Clears the section of the symbols that have this value: they are undefined then.</summary>
    private static void Undefine(byte[] file, ulong value)
    {
        byte[] wanted = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(wanted, value);
        for (int at = file.AsSpan().IndexOf(wanted); at >= 0;)
        {
            file[at - 2] = file[at - 1] = 0;
            int next = file.AsSpan(at + 8).IndexOf(wanted);
            at = next < 0 ? -1 : at + 8 + next;
        }
    }

    /// <summary>A changed copy of a program that ships, gone with the test.</summary>
    private sealed class TempGuest : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("walk");

        public string Path => System.IO.Path.Combine(_folder.FullName, "changed");

        public static TempGuest OfHello(Action<byte[]> change)
        {
            GuestCatalogue.TryFindFile("hello", out string? hello).ShouldBeTrue();
            byte[] file = File.ReadAllBytes(hello!);
            change(file);
            TempGuest guest = new();
            File.WriteAllBytes(guest.Path, file);
            return guest;
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
