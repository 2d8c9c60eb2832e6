using System.Text.Json;

namespace MmuEmu.Tests.Debugger;

public sealed class PteCommandTests
{
    [Fact]
    public void Decode_names_every_set_bit_and_the_frame()
    {
        CommandResult result = CommandHarness.Run("pte", "decode", "0x8000000012345867");

        result.Status.ShouldBe(0);
        result.Out.ShouldStartWith("0x8000000012345867  PTE  P W U A D NX\n");
        result.Out.ShouldContain("  47:12  frame           0x12345       maps 4K at 0x12345000\n");
    }

    [Theory]
    [InlineData("0x3e", "VRANGE_PURGED")]
    [InlineData("0x0", "NONE")]
    [InlineData("0x202", "SWAP type 1 slot 1")]
    [InlineData("0x12345966", "PROT_NONE pfn 0x12345")]
    public void Decode_tells_what_a_non_present_entry_means(string raw, string meaning) =>
        CommandHarness.Run("pte", "decode", raw).Out.ShouldContain(meaning);

    [Theory]
    [InlineData("pt", "P", "W", "U", "NX", "pfn=0x12345")]
    [InlineData("pd", "P", "PS", "PAT", "A", "D", "key=3")]
    [InlineData("pdpt", "P", "U", "soft=5", "PCD", "PWT", "G")]
    public void What_encode_makes_decode_reads_back(string level, params string[] words)
    {
        // Given an entry made of words
        string encoded = CommandHarness.Run(["pte", "encode", "--level", level, .. words]).Out;

        // When its raw value is decoded
        string decoded = CommandHarness.Run("pte", "decode", encoded.Split(' ')[0], "--level", level).Out;

        // Then both tell the same
        decoded.ShouldBe(encoded);
    }

    [Fact]
    public void Decode_as_json_has_a_schema_and_the_fields()
    {
        JsonElement root = JsonDocument.Parse(CommandHarness.Run("pte", "decode", "0x80000000000000e7", "--level", "pd", "--json").Out).RootElement;

        root.GetProperty("schema").GetString().ShouldBe("mmuemu.pte/1");
        root.GetProperty("level").GetString().ShouldBe("pd");
        root.GetProperty("fields").GetProperty("PS").GetString().ShouldBe("1");
    }

    [Fact]
    public void Explain_gives_the_error_code_of_each_access()
    {
        string text = CommandHarness.Run("pte", "explain", "0x12345005", "--bits", "wp,nxe,smap").Out;

        text.ShouldContain("user read     allowed");
        text.ShouldContain("user write    #PF 0x7");
        text.ShouldContain("kernel read   #PF 0x1 ");
    }

    [Theory]
    [InlineData("0x0", "pt")]
    [InlineData("0x1", "pt")]
    [InlineData("0x1", "pd")]
    [InlineData("0x81", "pd")]
    [InlineData("0x81", "pdpt")]
    [InlineData("0xffffffffffffffff", "pml4", "--maxphyaddr", "52")]
    [InlineData("0x1", "pml5", "--maxphyaddr", "36")]
    [InlineData("0x202", "pt")]
    [InlineData("0x12345966", "pt")]
    public void Decode_names_all_64_bits_once(string raw, string level, params string[] more)
    {
        string[] lines = CommandHarness.Run(["pte", "decode", raw, "--level", level, .. more]).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        int[] bits = [.. lines.Skip(1).SelectMany(line => Bits(line[..8].Trim()))];
        bits.Order().ShouldBe(Enumerable.Range(0, 64));
    }

    [Theory]
    [InlineData("0x12345005", "wp,nxe", "user write", "#PF 0x7 [P W U - - -]      R/W is clear in the PTE")]
    [InlineData("0x12345001", "wp,nxe", "kernel write", "#PF 0x3 [P W u - - -]      R/W is clear in the PTE, and CR0.WP is set")]
    [InlineData("0x12345003", "wp,nxe", "user read", "#PF 0x5 [P w U - - -]      U/S is clear in the PTE")]
    [InlineData("0x8000000012345007", "wp,nxe", "user fetch", "#PF 0x15 [P w U - I -]     XD is set in the PTE, and EFER.NXE")]
    [InlineData("0x12345007", "smep", "kernel fetch", "#PF 0x11 [P w u - I -]     U/S is set in the PTE, and CR4.SMEP")]
    [InlineData("0x12345007", "smap", "kernel read", "#PF 0x1 [P w u - - -]      U/S is set in the PTE, CR4.SMAP too, and EFLAGS.AC is clear")]
    [InlineData("0x12345006", "wp", "user read", "#PF 0x4 [p w U - - -]      P is clear in the PTE")]
    [InlineData("0x8000000012345007", "wp", "user read", "#PF 0xd [P w U RSVD - -]   reserved bits set: 63 in the PTE")]
    public void Explain_names_the_rule_that_decides(string raw, string bits, string access, string line) =>
        CommandHarness.Run("pte", "explain", raw, "--bits", bits).Out.ShouldContain($"  {access,-13} {line}\n");

    [Fact]
    public void Explain_names_the_key_and_what_pkru_disables()
    {
        string text = CommandHarness.Run("pte", "explain", "0x2800000012345007", "--bits", "wp,nxe,pke", "--pkru", "0x800").Out;

        text.ShouldContain("user write    #PF 0x27 [P W U - - PK]    PKRU disables writes for key 5 of the PTE\n");
        text.ShouldContain("user read     allowed\n");
    }

    [Fact]
    public void Explain_as_json_has_the_rule_of_each_access()
    {
        JsonElement root = JsonDocument.Parse(CommandHarness.Run("pte", "explain", "0x12345005", "--json").Out).RootElement;

        JsonElement write = root.GetProperty("accesses").EnumerateArray().Single(one => one.GetProperty("access").GetString() == "user write");
        write.GetProperty("allowed").GetBoolean().ShouldBeFalse();
        (write.GetProperty("errorCode").GetInt32(), write.GetProperty("rule").GetString(), write.GetProperty("level").GetString())
            .ShouldBe((7, "ReadWrite", "PTE"));
        root.GetProperty("fields").GetProperty("RW").GetString().ShouldBe("0");
    }

    [Theory]
    [InlineData("0x8000000000000000", "bit63")]
    [InlineData("0x0010000000000200", "bit52", "soft=1")]
    [InlineData("0x0000000012345abd", "raw=0x12345abc", "P")]
    public void Encode_sets_any_bit(string raw, params string[] words) =>
        CommandHarness.Run(["pte", "encode", .. words]).Out.ShouldStartWith($"{raw}  ");

    [Fact]
    public void Check_says_which_row_of_a_file_does_not_hold()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("pte-check").FullName, "rows.txt");
        File.WriteAllText(file, "# mine\nformat hardware\n0x1a0007|PTE|WP|P,RW,US|4 KiB page at frame 0x1a0, memory type index 0|ok ok ok|ok ok ok\n"
            + "0x1a0005|PTE|WP|P,US|4 KiB page at frame 0x1a0, memory type index 0|ok 7 ok|ok ok ok\n");

        CommandResult result = CommandHarness.Run("pte", "check", file);

        (result.Status, result.Out, result.Error).ShouldBe(
            (120, "rows.txt:4: supervisor write gives '3', not 'ok'\n", "mmuemu: 2 rows, 1 wrong\n"));
        CommandHarness.Run("pte", "check", file + "x").Status.ShouldBe(2);
    }

    [Fact]
    public void A_matrix_is_compared_case_by_case_in_any_order()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("pte-diff").FullName, "other.txt");
        string[] lines = CommandHarness.Run("pte", "matrix", "--bits", "p,w", "--reg", "wp").Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] other = [.. lines.Reverse()];
        File.WriteAllLines(file, ["# another model", .. other]);
        CommandHarness.Run("pte", "matrix", "--bits", "p,w", "--reg", "wp", "--diff", file).Status.ShouldBe(0);
        int changed = Array.FindIndex(other, line => line.Contains("user read => ok", StringComparison.Ordinal) || line.Contains("supervisor read => ok", StringComparison.Ordinal));
        other[changed] = other[changed].Replace(" => ok", " => OK", StringComparison.Ordinal);
        File.WriteAllLines(file, other.Skip(changed == 0 ? 0 : 1));

        CommandResult result = CommandHarness.Run("pte", "matrix", "--bits", "p,w", "--reg", "wp", "--diff", file);

        result.Status.ShouldBe(120);
        result.Out.ShouldContain("\n+ ");
        result.Out.ShouldContain("- (no line)\n");
        result.Out.ShouldContain("smallest: ");
        result.Error.ShouldEndWith($"2 of {lines.Length} cases differ\n");
    }

    private static IEnumerable<int> Bits(string range)
    {
        int[] ends = [.. range.Split(':').Select(int.Parse)];
        return Enumerable.Range(ends[^1], ends[0] - ends[^1] + 1);
    }

    [Theory]
    [InlineData("pte", "decode", "zz")]
    [InlineData("pte", "decode", "0x1", "--level", "p4d")]
    [InlineData("pte", "encode", "P", "Q")]
    [InlineData("pte", "encode", "pfn=0x10000000000")]
    [InlineData("pte", "explain", "0x1", "--bits", "wq")]
    [InlineData("pte", "explain", "0x1", "--level", "pml5")]
    [InlineData("pte", "encode", "bit64")]
    [InlineData("pte", "decode", "0x1", "--maxphyaddr", "35")]
    [InlineData("pte", "check", "/nowhere/rows.txt")]
    [InlineData("pte", "explain", "0x1", "--maxphyaddr", "60")]
    [InlineData("pte", "explain", "0x1", "--pkru", "0x100000000")]
    [InlineData("pte", "explain")]
    [InlineData("pte")]
    public void Wrong_words_get_one_message_a_hint_and_status_2(params string[] args)
    {
        CommandResult result = CommandHarness.Run(args);

        result.Status.ShouldBe(2);
        result.Out.ShouldBeEmpty();
        result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        result.Error.ShouldContain("try: ");
    }
}
