using MmuEmu.Debugger.Matrix;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Paging;

/// <summary>Runs every row of Tests/Data/pte; docs/pte-rows.md tells how to add one.</summary>
public sealed class PteRowTests
{
    private static readonly string[] Paths =
        [.. Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "Tests", "Data", "pte"), "*.txt").Order(StringComparer.Ordinal)];

    public static TheoryData<string> Files => [.. Paths.Select(file => Path.GetFileName(file))];

    [Theory, MemberData(nameof(Files)), Spec("P-010", "P-013", "P-020", "P-021", "P-022", "P-023", "P-024", "P-025", "P-027", "P-028")]
    public void Every_row_says_what_the_entry_is_and_what_each_access_meets(string file)
    {
        using PteRowCheck check = new();
        List<PteRow> rows = [.. PteRow.Read(Paths.Single(path => Path.GetFileName(path) == file))];

        rows.ShouldNotBeEmpty($"{file} has no rows");
        string.Join('\n', rows.SelectMany(check.Wrong)).ShouldBe("");
    }

    [Fact]
    public void The_folder_has_rows_of_every_level_and_of_every_kernel_kind()
    {
        PteRow[] rows = [.. Paths.SelectMany(PteRow.Read)];

        rows.Where(row => row.Format == PteRow.Hardware).Select(row => row.Level).Distinct().Count().ShouldBe(5);
        rows.Where(row => row.Format == PteRow.Software).Select(row => row.Columns[2]).Distinct().Count().ShouldBeGreaterThanOrEqualTo(8);
    }

    [Fact]
    public void A_wrong_row_is_named_with_its_file_and_line()
    {
        using PteRowCheck check = new();
        PteRow row = new("mine.txt:7", "hardware", ["0x1a0007", "PTE", "WP", "P,RW", "not present", "ok ok ok", "5 ok ok"]);

        check.Wrong(row).ShouldBe([
            "mine.txt:7: bits are 'P,RW,US'",
            "mine.txt:7: it is '4 KiB page at frame 0x1a0, memory type index 0'",
            "mine.txt:7: supervisor read gives 'ok', not '5'"]);
    }

    [Theory]
    [InlineData("hardware", "0x1|PTE|-|P|x|ok ok ok", "expected 7 columns, found 6")]
    [InlineData("hardware", "zz|PTE|-|P|x|ok ok ok|ok ok ok", "'zz': expected a hexadecimal number")]
    [InlineData("hardware", "0x1|PTX|-|P|x|ok ok ok|ok ok ok", "level 'PTX': expected PTE, PDE, PDPTE, PML4E or PML5E")]
    [InlineData("hardware", "0x1|PTE|WQ|P|x|ok ok ok|ok ok ok", "control bit 'WQ': expected WP, NXE, SMEP, SMAP, AC, PKE, PAGE1G, PML4BIT8, or - for none")]
    [InlineData("hardware", "0x1|PTE|- width=60|P|x|ok ok ok|ok ok ok", "width '60': expected 36 to 52")]
    [InlineData("hardware", "0x1|PTE|-|P|x|ok ok|ok ok ok", "'ok ok': expected three words, for read, write and fetch")]
    [InlineData("software", "0x0|vrange=v99|none|-|-", "profile 'vrange=v99': expected vrange=v7, ")]
    [InlineData("", "0x0|vrange=v10|none|-|-", "no line 'format hardware' or 'format software' above it")]
    public void What_is_no_row_is_said_with_its_place(string format, string columns, string message)
    {
        using PteRowCheck check = new();

        Should.Throw<FormatException>(() => check.Wrong(new PteRow("f:1", format, columns.Split('|')))).Message.ShouldStartWith($"f:1: {message}");
    }
}
