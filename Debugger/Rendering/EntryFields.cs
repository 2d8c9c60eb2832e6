using System.Globalization;
using System.Numerics;
using MmuEmu.Debugger.Options;
using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Rendering;

/// <summary>A field of an entry.</summary>
/// <param name="High">Its highest bit.</param>
/// <param name="Low">Its lowest bit.</param>
/// <param name="Name">The manual's name; <c>ignored</c> or <c>reserved</c> with its bits where it has none.</param>
/// <param name="Value">A digit for one bit, else hexadecimal.</param>
/// <param name="Meaning">What this value does.</param>
internal readonly record struct EntryField(int High, int Low, string Name, string Value, string Meaning);

/// <summary>Every one of an entry's 64 bits by name, lowest first.</summary>
/// <remarks>Source: [SDM3 Paging, "Formats of CR3 and Paging-Structure Entries with 4-Level Paging and 5-Level Paging"].</remarks>
internal sealed class EntryFields(Pte entry, PagingLevel level, SoftPteFormat format, byte maxPhyAddr)
{
    private bool IsLeaf => entry.IsLeafAt(level);

    /// <summary>The fields; together they are bits 63 to 0.</summary>
    public IEnumerable<EntryField> All() => entry.Present ? Present() : Absent();

    private IEnumerable<EntryField> Present()
    {
        yield return Bit(0, "P", "not present", "present");
        yield return Bit(1, "RW", "read-only; supervisor writes pass while CR0.WP is clear", "writes allowed");
        yield return Bit(2, "US", "supervisor only", "user accesses allowed");
        yield return Bit(3, "PWT", CacheMeaning("PWT"), CacheMeaning("PWT"));
        yield return Bit(4, "PCD", CacheMeaning("PCD"), CacheMeaning("PCD"));
        yield return Bit(5, "A", "not used since it was cleared", "used for a translation");
        yield return IsLeaf ? Bit(6, "D", "not written since it was cleared", "written through") : Ignored(6, 6);
        yield return Bit7();
        yield return Bit8();
        yield return level == PagingLevel.Pt && SoftPteFormat.IsSpecial(entry)
            ? Field(11, 9, "ignored 11:9", "the kernel's own: the shared page of zeros")
            : Ignored(11, 9);
        foreach (EntryField field in Address())
        {
            yield return field;
        }

        yield return Ignored(58, 52);
        yield return IsLeaf ? Field(62, 59, "key", "protection key, with CR4.PKE") : Ignored(62, 59);
        yield return Bit(63, "XD", "fetch allowed", "no fetch, with EFER.NXE; otherwise reserved");
    }

    private EntryField Bit7() => level switch
    {
        PagingLevel.Pt => Bit(7, "PAT", CacheMeaning("PAT"), CacheMeaning("PAT")),
        PagingLevel.Pd or PagingLevel.Pdpt => Bit(7, "PS", "points to a table", $"maps a page of {ByteCount.Show(level.Span())}"),
        _ => Reserved(7, 7),
    };

    private EntryField Bit8() => (IsLeaf, level) switch
    {
        (true, _) => Bit(8, "G", "belongs to one PCID", "global while CR4.PGE is set"),
        (_, PagingLevel.Pml4) => Bit(8, "ignored 8", "ignored; reserved on AMD's processors", "ignored; on AMD's processors reserved: #PF"),
        _ => Ignored(8, 8),
    };

    /// <summary>Bits 51 to 12: a page's place, or a table's.</summary>
    private IEnumerable<EntryField> Address()
    {
        int low = IsLeaf ? BitOperations.Log2(level.Span()) : 12;
        if (IsLeaf && level != PagingLevel.Pt)
        {
            yield return Bit(12, "PAT", CacheMeaning("PAT"), CacheMeaning("PAT"));
            yield return Reserved(low - 1, 13);
        }

        ulong place = entry.Raw & (1UL << maxPhyAddr) - 1 & ~((1UL << low) - 1);
        string what = IsLeaf ? $"maps {ByteCount.Show(level.Span())} at 0x{place:x}" : $"the next table lies at 0x{place:x}";
        yield return new EntryField(maxPhyAddr - 1, low, "frame", $"0x{place >> 12:x}", what);
        if (maxPhyAddr < 52)
        {
            yield return Reserved(51, maxPhyAddr);
        }
    }

    private IEnumerable<EntryField> Absent()
    {
        yield return Bit(0, "P", "the hardware ignores all other bits: #PF, nothing cached, no A or D", "");
        SoftPteKind kind = level == PagingLevel.Pt ? format.KindOf(entry) : SoftPteKind.None;
        if (kind is SoftPteKind.Swap or SoftPteKind.MigrationRead or SoftPteKind.MigrationWrite or SoftPteKind.HwPoison)
        {
            yield return Field(5, 1, "type", "the kernel's: a swap area, or what kind of marker it is");
            yield return Field(8, 6, "ignored 8:6", "the kernel's own");
            yield return Field(63, 9, "offset", kind == SoftPteKind.Swap ? "the kernel's: the slot" : "the kernel's: the frame");
            yield break;
        }

        yield return Field(63, 1, "ignored 63:1", "the kernel's own");
    }

    private string CacheMeaning(string part)
    {
        if (!IsLeaf)
        {
            return $"{part} of the next table's memory type";
        }

        PteBits pat = level == PagingLevel.Pt ? PteBits.Pat4K : PteBits.PatLarge;
        int index = (entry.Has(pat) ? 4 : 0) + (entry.Has(PteBits.PCD) ? 2 : 0) + (entry.Has(PteBits.PWT) ? 1 : 0);
        return $"memory type: entry {index} of the PAT register by PAT, PCD, PWT";
    }

    private EntryField Ignored(int high, int low) => Field(high, low, $"ignored {Range(high, low)}", "free for software");

    private EntryField Reserved(int high, int low) =>
        Field(high, low, $"reserved {Range(high, low)}", ValueOf(high, low) == 0 ? "must be 0" : "must be 0: every access is #PF with RSVD");

    private EntryField Bit(int bit, string name, string clear, string set) =>
        (entry.Raw >> bit & 1) != 0 ? new EntryField(bit, bit, name, "1", set) : new EntryField(bit, bit, name, "0", clear);

    private EntryField Field(int high, int low, string name, string meaning)
    {
        ulong value = ValueOf(high, low);
        string digits = value < 10 ? value.ToString(CultureInfo.InvariantCulture) : $"0x{value:x}";
        return new EntryField(high, low, name, digits, meaning);
    }

    private ulong ValueOf(int high, int low) => entry.Raw >> low & (ulong.MaxValue >> (63 - (high - low)));

    private static string Range(int high, int low) => high == low ? $"{low}" : $"{high}:{low}";
}
