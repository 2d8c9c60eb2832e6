using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Swap;

namespace MmuEmu.Kernel.Tables;

/// <summary>What a page-table entry means to the kernel.</summary>
public enum SoftPteKind
{
    /// <summary>All zeros: never filled, or a hole.</summary>
    None,

    /// <summary>P=1: the hardware uses it.</summary>
    Present,

    /// <summary>P=0 with bit 8: a page in memory that nobody may touch; present to the kernel.</summary>
    ProtNone,

    /// <summary>The page is in swap.</summary>
    Swap,

    /// <summary>The page was purged by vrange.</summary>
    Purged,

    /// <summary>The page is being moved; it was read-only.</summary>
    MigrationRead,

    /// <summary>The page is being moved; it was writable.</summary>
    MigrationWrite,

    /// <summary>The frame failed in hardware.</summary>
    HwPoison,

    /// <summary>A page of a nonlinear file mapping: bit 6.</summary>
    NonlinearFile,

    /// <summary>No meaning in this profile.</summary>
    Unknown,
}

/// <summary>Reads and makes the entries that the hardware ignores, in the layout of one kernel profile.</summary>
/// <remarks>
/// <code>
///  63          9  8        7  6          5   1  0
///  offset         PROTNONE -  NONLINEAR  type   P=0
///
///  types   v7, v8: 29 HWPOISON, 30 and 31 migration; purged is 0x6, which is no swap entry in use (V-060)
///          v9-v12: 28 HWPOISON, 29 and 30 migration, 31 purged: 0x3E (V-064, V-065)
///          v13-14: 28 purged: 0x38, 29 HWPOISON, 30 and 31 migration (V-066)
/// </code>
/// Source: [Linux arch/x86/include/asm/pgtable_64.h at 3.12, include/linux/swap.h].
/// </remarks>
public sealed class SoftPteFormat
{
    /// <summary>Marks a page that nobody may touch.</summary>
    public const ulong ProtNoneBit = 1UL << 8;

    /// <summary>Marks the zero page's entries, which no frame counts.</summary>
    public const ulong SpecialBit = 1UL << 9;

    private const ulong NonlinearBit = 1UL << 6;
    private const int OffsetShift = 9;
    private const ulong QuirkFrameBits = 0x0000_3FFF_FFFF_F000;

    private readonly bool _purgedByLowBits;
    private readonly int _hwPoison;
    private readonly int _migrationRead;

    /// <summary>The layout of <paramref name="profile"/>.</summary>
    public SoftPteFormat(KernelProfile profile)
    {
        VrangeTraits vrange = VrangeTable.Of(profile);
        (Purged, MaxSwapFiles) = (new Pte(vrange.Entry.Purged), vrange.Entry.MaxSwapFiles);
        (_hwPoison, _migrationRead) = (vrange.Entry.HwPoison, vrange.Entry.Migration);
        _purgedByLowBits = vrange.Has(VrangeQuirks.PurgedByLowBits);
    }

    /// <summary>The entry that stands for a purged page.</summary>
    public Pte Purged { get; }

    /// <summary>Swap areas that the types leave room for: 29, or 28.</summary>
    public int MaxSwapFiles { get; }

    /// <summary>What <paramref name="entry"/> means.</summary>
    public SoftPteKind KindOf(Pte entry) => entry switch
    {
        { Present: true } => SoftPteKind.Present,
        { Raw: 0 } => SoftPteKind.None,
        _ when (entry.Raw & ProtNoneBit) != 0 => SoftPteKind.ProtNone,
        _ when IsPurged(entry) => SoftPteKind.Purged,
        _ when (entry.Raw & NonlinearBit) != 0 => SoftPteKind.NonlinearFile,
        _ => KindOfType(TypeOf(entry)),
    };

    /// <summary>True when a frame of memory hangs in the entry: present to the hardware or only to the kernel.</summary>
    public static bool HasFrame(Pte entry) => entry.Present || (entry.Raw & ProtNoneBit) != 0;

    /// <summary>True for an entry of the zero page.</summary>
    public static bool IsSpecial(Pte entry) => HasFrame(entry) && (entry.Raw & SpecialBit) != 0;

    /// <summary>Area and slot of a swap, migration or poison entry.</summary>
    public static SwapEntry SwapOf(Pte entry) => new(TypeOf(entry), entry.Raw >> OffsetShift);

    /// <summary>The entry that names a place in swap.</summary>
    public static Pte OfSwap(SwapEntry entry) => new(((ulong)entry.Type << 1) | (entry.Offset << OffsetShift));

    /// <summary>The entry of a page on the move, once read-only.</summary>
    public Pte OfMigrationRead(Pfn frame) => OfSwap(new SwapEntry(_migrationRead, frame.Raw));

    /// <summary>The entry of a page on the move, once writable.</summary>
    public Pte OfMigrationWrite(Pfn frame) => OfSwap(new SwapEntry(_migrationRead + 1, frame.Raw));

    /// <summary>The entry of a failed frame.</summary>
    public Pte OfHwPoison(Pfn frame) => OfSwap(new SwapEntry(_hwPoison, frame.Raw));

    private static int TypeOf(Pte entry) => (int)(entry.Raw >> 1) & 0x1F;

    private bool IsPurged(Pte entry) =>
        entry == Purged || (_purgedByLowBits && (entry.Raw & ~QuirkFrameBits) == Purged.Raw);

    private SoftPteKind KindOfType(int type)
    {
        if (type < MaxSwapFiles)
        {
            return SoftPteKind.Swap;
        }

        return type == _hwPoison ? SoftPteKind.HwPoison
            : type == _migrationRead ? SoftPteKind.MigrationRead
            : type == _migrationRead + 1 ? SoftPteKind.MigrationWrite
            : SoftPteKind.Unknown;
    }
}
