namespace MmuEmu.Emulator.Paging;

/// <summary>The bits of a paging-structure entry that have a name.</summary>
/// <remarks>
/// <code>
///  63 62..59 58..52 51..MAXPHYADDR  ..12  11..9  8  7  6  5   4   3  2  1  0
///  XD  key    ign     reserved     frame   ign   G PS  D  A PCD PWT US RW  P
/// </code>
/// Bit 7 is PAT in a PTE; in a 2 MiB or 1 GiB leaf PAT is bit 12.
/// Source: [SDM3 Paging, "Formats of CR3 and Paging-Structure Entries with 4-Level Paging and 5-Level Paging"].
/// </remarks>
[Flags]
public enum PteBits : ulong
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>Present: the entry takes part in translation.</summary>
    P = 1UL << 0,

    /// <summary>Read/write: writes are allowed.</summary>
    RW = 1UL << 1,

    /// <summary>User/supervisor: user-mode accesses are allowed.</summary>
    US = 1UL << 2,

    /// <summary>Page-level write-through.</summary>
    PWT = 1UL << 3,

    /// <summary>Page-level cache disable.</summary>
    PCD = 1UL << 4,

    /// <summary>Accessed: set by the processor when the entry is used.</summary>
    A = 1UL << 5,

    /// <summary>Dirty: set by the processor in a leaf when it is written through.</summary>
    D = 1UL << 6,

    /// <summary>Page size: the entry of a PDPT or PD is a leaf.</summary>
    PS = 1UL << 7,

    /// <summary>Page attribute table bit of a 4 KiB leaf; the same bit as <see cref="PS"/>.</summary>
    Pat4K = 1UL << 7,

    /// <summary>Global: a leaf survives a change of CR3 while CR4.PGE is set.</summary>
    G = 1UL << 8,

    /// <summary>Page attribute table bit of a 2 MiB or 1 GiB leaf.</summary>
    PatLarge = 1UL << 12,

    /// <summary>Execute disable.</summary>
    XD = 1UL << 63,
}
