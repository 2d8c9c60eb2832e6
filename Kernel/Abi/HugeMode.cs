namespace MmuEmu.Kernel.Abi;

/// <summary>Which anonymous mappings get pages of 2 MiB without asking for each.</summary>
/// <remarks>Source: [Linux Documentation/admin-guide/mm/transhuge.rst].</remarks>
public enum HugeMode
{
    /// <summary>None.</summary>
    Never,

    /// <summary>Those with MADV_HUGEPAGE.</summary>
    Madvise,

    /// <summary>All but those with MADV_NOHUGEPAGE.</summary>
    Always,
}
