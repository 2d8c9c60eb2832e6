using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Rendering;

/// <summary>One paging-structure entry in words.</summary>
internal static class EntryText
{
    private static readonly (PteBits Bit, string Name)[] Names =
    [
        (PteBits.P, "P"), (PteBits.RW, "W"), (PteBits.US, "U"), (PteBits.PWT, "PWT"), (PteBits.PCD, "PCD"),
        (PteBits.A, "A"), (PteBits.D, "D"), (PteBits.G, "G"), (PteBits.XD, "NX"),
    ];

    /// <summary>The set bits of a present entry, or what a non-present one means to the kernel; nothing of the kernel without a format.</summary>
    public static string Of(Pte entry, PagingLevel level, SoftPteFormat? format) =>
        entry.Present ? Present(entry, level, format is not null)
        : format is null ? "not present"
        : Absent(entry, level, format);

    /// <summary>The named bits that are set in a present entry and mean something at its level.</summary>
    /// <remarks>An entry that points to a table has no D and no G: the processor ignores these bits there. Source: [SDM3 Paging, "4-Level Paging and 5-Level Paging"].</remarks>
    public static IEnumerable<string> Bits(Pte entry, PagingLevel level) =>
        Names.Where(n => entry.Has(n.Bit) && (entry.IsLeafAt(level) || n.Bit is not (PteBits.D or PteBits.G))).Select(n => n.Name);

    /// <summary>The named bits in which two entries differ, each before and after, as in <c>A 0->1 D 0->1</c>; empty when none does.</summary>
    public static string Changes(Pte old, Pte now) => string.Join(
        ' ', Names.Where(n => old.Has(n.Bit) != now.Has(n.Bit)).Select(n => $"{n.Name} {(old.Has(n.Bit) ? "1->0" : "0->1")}"));

    private static string Present(Pte entry, PagingLevel level, bool ofKernel)
    {
        List<string> words = [.. Bits(entry, level)];
        if (entry.IsLeafAt(level) && level != PagingLevel.Pt)
        {
            words.Add("PS");
        }

        if (ofKernel && level == PagingLevel.Pt && SoftPteFormat.IsSpecial(entry))
        {
            words.Add("zero-page");
        }

        return string.Join(' ', words);
    }

    private static string Absent(Pte entry, PagingLevel level, SoftPteFormat format)
    {
        if (level != PagingLevel.Pt)
        {
            return "not present: no table";
        }

        return format.KindOf(entry) switch
        {
            SoftPteKind.None => "not present: NONE",
            SoftPteKind.Present => "present",
            SoftPteKind.ProtNone => $"not present: PROT_NONE pfn {entry.Frame}",
            SoftPteKind.Swap => $"not present: SWAP type {SoftPteFormat.SwapOf(entry).Type} slot {SoftPteFormat.SwapOf(entry).Offset}",
            SoftPteKind.Purged => "not present: VRANGE_PURGED",
            SoftPteKind.MigrationRead => "not present: MIGRATION read",
            SoftPteKind.MigrationWrite => "not present: MIGRATION write",
            SoftPteKind.HwPoison => "not present: HWPOISON",
            SoftPteKind.NonlinearFile => "not present: NONLINEAR file page",
            SoftPteKind.Unknown => "not present: no meaning in this profile",
        };
    }
}
