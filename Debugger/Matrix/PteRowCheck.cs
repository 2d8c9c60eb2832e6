using System.Globalization;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Matrix;

/// <summary>Compares rows with what this emulator makes of their entries, by its rules and by a walk through tables in RAM.</summary>
internal sealed class PteRowCheck : IDisposable
{
    private const PteBits Everyday = PteBits.P | PteBits.RW | PteBits.US;
    private readonly MatrixBench _bench = new();

    /// <summary>What is wrong with <paramref name="row"/>, each with its place; nothing when it holds.</summary>
    /// <exception cref="FormatException">It is no row of its format; the message begins with its place.</exception>
    public IReadOnlyList<string> Wrong(PteRow row)
    {
        int wanted = row.Format switch
        {
            PteRow.Hardware => 7,
            PteRow.Software => 5,
            _ => throw new FormatException($"{row.Place}: no line 'format hardware' or 'format software' above it"),
        };
        if (row.Columns.Count != wanted)
        {
            throw new FormatException($"{row.Place}: expected {wanted} columns, found {row.Columns.Count}");
        }

        try
        {
            return [.. row.Format == PteRow.Hardware ? OfHardware(row) : OfSoftware(row)];
        }
        catch (FormatException unread) when (!unread.Message.StartsWith(row.Place, StringComparison.Ordinal))
        {
            throw new FormatException($"{row.Place}: {unread.Message}", unread);
        }
    }

    /// <summary>Frees the tables.</summary>
    public void Dispose() => _bench.Dispose();

    private IEnumerable<string> OfHardware(PteRow row)
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
            string got = PteText.OutcomeOf(entry, level, mode, access) is { } code ? Code(code) : "ok";
            string walked = Walk(entry, level, mode, access);
            if (got != expected || walked != expected)
            {
                string both = got == walked ? $"'{got}'" : $"'{got}' by rule and '{walked}' by walk";
                yield return $"{row.Place}: {PteText.Of(access.Origin)} {PteText.Of(access.Kind)} gives {both}, not '{expected}'";
            }
        }
    }

    /// <summary>The same effect from tables in RAM; an entry that points to a table is made to point to one that allows everything.</summary>
    private string Walk(Pte entry, PagingLevel level, in PagingMode mode, Access access)
    {
        MatrixCase one = new() { Mode = mode, Access = access, LowestLevel = level };
        for (PagingLevel other = PagingLevel.Pt; other <= PagingLevel.Pml5; other++)
        {
            one.Entries[(int)other] = new Pte((ulong)Everyday);
        }

        bool pointsOn = entry.Present && !entry.IsLeafAt(level);
        one.Entries[(int)level] = pointsOn ? new Pte(entry.Raw & ~((1UL << mode.MaxPhyAddr) - 1 & Pte.FrameMask)) : entry;
        MatrixResult result = _bench.Run(one);
        return result.Passed ? "ok" : Code(result.Code);
    }

    private static string Code(PageFaultCode code) => ((uint)code).ToString("x", CultureInfo.InvariantCulture);

    private static IEnumerable<string> OfSoftware(PteRow row)
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
        Enum.TryParse(profile.Replace("vrange=", "", StringComparison.Ordinal), ignoreCase: true, out VrangeVersion version) && Enum.IsDefined(version)
            ? version
            : throw new FormatException($"profile '{profile}': expected vrange={string.Join(", vrange=", Enum.GetNames<VrangeVersion>()).ToLowerInvariant()}");

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
