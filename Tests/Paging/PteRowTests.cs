using System.Globalization;
using MmuEmu.Debugger.Matrix;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Paging;

/// <summary>Runs every row of Tests/Data/pte; its README tells how to add one.</summary>
public sealed class PteRowTests
{
    public static TheoryData<string> Files => [.. PteRow.Files().Select(file => Path.GetFileName(file))];

    [Theory, MemberData(nameof(Files)), Spec("P-010", "P-013", "P-020", "P-021", "P-022", "P-023", "P-024", "P-025", "P-027", "P-028")]
    public void Every_row_says_what_the_entry_is_and_what_each_access_meets(string file)
    {
        List<string> wrong = [];
        foreach (PteRow row in RowsOf(file))
        {
            wrong.AddRange(row.Format switch
            {
                "hardware" => CheckHardware(row),
                "software" => CheckSoftware(row),
                _ => [$"{row.Place}: no line 'format hardware' or 'format software' above it"],
            });
        }

        string.Join('\n', wrong).ShouldBe("");
    }

    [Fact]
    public void The_folder_has_rows_of_every_level_and_of_every_kernel_kind()
    {
        PteRow.ReadAll("hardware").Select(row => row.Level).Distinct().Count().ShouldBe(5);
        PteRow.ReadAll("software").Select(row => row.Columns[2]).Distinct().Count().ShouldBeGreaterThanOrEqualTo(8);
    }

    [Fact]
    public void A_wrong_row_is_named_with_its_file_and_line()
    {
        PteRow row = new("mine.txt:7", "hardware", ["0x1a0007", "PTE", "WP", "P,RW", "not present", "ok ok ok", "5 ok ok"]);

        CheckHardware(row).ShouldBe([
            "mine.txt:7: bits are 'P,RW,US'",
            "mine.txt:7: it is '4 KiB page at frame 0x1a0, memory type index 0'",
            "mine.txt:7: supervisor read gives 'ok', not '5'"]);
    }

    private static List<PteRow> RowsOf(string file)
    {
        List<PteRow> rows = [.. PteRow.Read(PteRow.Files().Single(path => Path.GetFileName(path) == file))];
        rows.ShouldNotBeEmpty($"{file} has no rows");
        return rows;
    }

    private static IEnumerable<string> CheckHardware(PteRow row)
    {
        (Pte entry, PagingLevel level, PagingMode mode) = (row.Entry, row.Level, row.Mode);
        if (PteText.BitsOf(entry, level) is var bits && bits != row.Columns[3])
        {
            yield return $"{row.Place}: bits are '{bits}'";
        }

        if (PteText.KindOf(entry, level, mode) is var kind && kind != row.Columns[4])
        {
            yield return $"{row.Place}: it is '{kind}'";
        }

        foreach ((Access access, string expected) in row.Effects())
        {
            string byRule = PteText.EffectOf(entry, level, mode, access);
            string got = byRule == "ok" ? "ok" : byRule.Split(' ')[1][2..];
            string walked = Walk(entry, level, mode, access);
            if (got != expected || walked != expected)
            {
                string both = got == walked ? $"'{got}'" : $"'{got}' by rule and '{walked}' by walk";
                yield return $"{row.Place}: {PteText.Of(access.Origin)} {PteText.Of(access.Kind)} gives {both}, not '{expected}'";
            }
        }
    }

    /// <summary>The same effect from tables in RAM; an entry that points to a table is made to point to one that allows everything.</summary>
    private static string Walk(Pte entry, PagingLevel level, in PagingMode mode, Access access)
    {
        const ulong va = 0x40_0000;
        GuestTables tables = new(mode.Bits);
        tables.Mode = tables.Mode with { MaxPhyAddr = mode.MaxPhyAddr, Pkru = mode.Pkru };
        tables.Map(va, 0x1A0);
        bool pointsOn = entry.Present && !entry.IsLeafAt(level);
        ulong frame = pointsOn ? tables.Entry(va, level).Raw & Pte.FrameMask : 0;
        ulong low = pointsOn ? entry.Raw & ~((1UL << mode.MaxPhyAddr) - 1 & Pte.FrameMask) : entry.Raw;
        tables.Set(va, level, new Pte(low | frame));

        bool passed = PageWalker.TryWalk(
            tables.Ram, tables.Mode, WalkStart.AtRoot(tables.Mode), access with { Address = new VirtAddr(va) }, out _, out _, out PageFault fault);
        tables.Ram.Dispose();
        return passed ? "ok" : ((uint)fault.Code).ToString("x", CultureInfo.InvariantCulture);
    }

    private static IEnumerable<string> CheckSoftware(PteRow row)
    {
        Pte entry = row.Entry;
        SoftPteFormat format = new(KernelProfile.Default with { Vrange = VersionOf(row.Columns[1]) });
        SoftPteKind kind = format.KindOf(entry);
        if (NameOf(kind) != row.Columns[2])
        {
            yield return $"{row.Place}: it is {NameOf(kind)}";
        }

        if (entry.Present)
        {
            yield return $"{row.Place}: P is set, so the hardware would use it";
        }

        (string type, string offset) = PartsOf(entry, kind);
        if ((type, offset) != (row.Columns[3], row.Columns[4]))
        {
            yield return $"{row.Place}: type and offset are {type} and {offset}";
        }

        if (MadeAgain(entry, kind, format) is { } made && made != entry)
        {
            yield return $"{row.Place}: made from its parts it is {made}";
        }
    }

    private static (string Type, string Offset) PartsOf(Pte entry, SoftPteKind kind) => kind switch
    {
        SoftPteKind.Swap or SoftPteKind.MigrationRead or SoftPteKind.MigrationWrite or SoftPteKind.HwPoison =>
            ($"{SoftPteFormat.SwapOf(entry).Type}", $"0x{SoftPteFormat.SwapOf(entry).Offset:x}"),
        SoftPteKind.ProtNone => ("-", entry.Frame.ToString()),
        _ => ("-", "-"),
    };

    private static Pte? MadeAgain(Pte entry, SoftPteKind kind, SoftPteFormat format)
    {
        SwapEntry parts = SoftPteFormat.SwapOf(entry);
        return kind switch
        {
            SoftPteKind.None => Pte.None,
            SoftPteKind.Purged => format.Purged,
            SoftPteKind.Swap => SoftPteFormat.OfSwap(parts),
            SoftPteKind.MigrationRead => format.OfMigrationRead(new Pfn(parts.Offset)),
            SoftPteKind.MigrationWrite => format.OfMigrationWrite(new Pfn(parts.Offset)),
            SoftPteKind.HwPoison => format.OfHwPoison(new Pfn(parts.Offset)),
            _ => null,
        };
    }

    private static VrangeVersion VersionOf(string profile) =>
        Enum.Parse<VrangeVersion>(profile.Replace("vrange=", "", StringComparison.Ordinal), ignoreCase: true);

    private static string NameOf(SoftPteKind kind) => kind switch
    {
        SoftPteKind.None => "none",
        SoftPteKind.Present => "present",
        SoftPteKind.ProtNone => "prot-none",
        SoftPteKind.Swap => "swap",
        SoftPteKind.Purged => "purged",
        SoftPteKind.MigrationRead => "migration-read",
        SoftPteKind.MigrationWrite => "migration-write",
        SoftPteKind.HwPoison => "hwpoison",
        SoftPteKind.NonlinearFile => "nonlinear-file",
        SoftPteKind.Unknown => "unknown",
    };
}
