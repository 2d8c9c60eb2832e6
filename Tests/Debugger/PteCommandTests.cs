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
        result.Out.ShouldContain("frame      0x12345 ");
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
    [InlineData("pte", "decode", "zz")]
    [InlineData("pte", "decode", "0x1", "--level", "p4d")]
    [InlineData("pte", "encode", "P", "Q")]
    [InlineData("pte", "encode", "pfn=0x10000000000")]
    [InlineData("pte", "explain", "0x1", "--bits", "wq")]
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
