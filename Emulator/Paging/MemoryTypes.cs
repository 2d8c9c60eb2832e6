using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Paging;

/// <summary>A memory type as the page attribute table encodes it.</summary>
/// <remarks>Source: [SDM3 Memory Cache Control, "IA32_PAT MSR"].</remarks>
public enum MemoryType : byte
{
    /// <summary>Uncacheable (UC).</summary>
    Uncacheable = 0,

    /// <summary>Write combining (WC).</summary>
    WriteCombining = 1,

    /// <summary>Write through (WT).</summary>
    WriteThrough = 4,

    /// <summary>Write protected (WP).</summary>
    WriteProtected = 5,

    /// <summary>Write back (WB).</summary>
    WriteBack = 6,

    /// <summary>Uncacheable unless the range registers say write combining (UC-).</summary>
    UncacheableMinus = 7,
}

/// <summary>How an entry selects a memory type.</summary>
/// <remarks>Source: [SDM3 Paging, "Paging and Memory Typing When the PAT is Supported"].</remarks>
public static class MemoryTypes
{
    /// <summary>The IA32_PAT register after reset: WB, WT, UC-, UC, and the same again.</summary>
    public const ulong ResetPat = 0x0007_0406_0007_0406;

    /// <summary>The index 4·PAT + 2·PCD + PWT of a leaf; PAT is bit 7 of a PTE and bit 12 of a larger leaf (P-027).</summary>
    public static int IndexOf(Pte leaf, PageSize size)
    {
        PteBits pat = size == PageSize.Size4K ? PteBits.Pat4K : PteBits.PatLarge;
        return (leaf.Has(pat) ? 4 : 0) | TableIndexOf(leaf);
    }

    /// <summary>The index 2·PCD + PWT of an entry that points to a table; it types the walker's reads of that table.</summary>
    public static int TableIndexOf(Pte entry) => (entry.Has(PteBits.PCD) ? 2 : 0) | (entry.Has(PteBits.PWT) ? 1 : 0);

    /// <summary>The type that a value of IA32_PAT gives an index.</summary>
    public static MemoryType TypeOf(ulong pat, int index) => (MemoryType)((pat >> (8 * index)) & 7);
}
