namespace MmuEmu.Kernel.Abi;

/// <summary>What a page fault turned out to be.</summary>
public enum FaultKind
{
    /// <summary>No mapping covers the address: SEGV_MAPERR.</summary>
    NoMapping,

    /// <summary>The mapping forbids the access: SEGV_ACCERR.</summary>
    NoRight,

    /// <summary>The entry already allows the access: only the TLB was behind.</summary>
    Spurious,

    /// <summary>First touch of private anonymous memory.</summary>
    Anonymous,

    /// <summary>First touch of a page that a file backs.</summary>
    File,

    /// <summary>A write to a page that is shared until written.</summary>
    CopyOnWrite,

    /// <summary>The page lies in swap.</summary>
    Swap,

    /// <summary>The page was purged by vrange.</summary>
    Purged,

    /// <summary>A hole in a mapping with MADV_USERFAULT.</summary>
    UserFault,

    /// <summary>The frame failed in hardware.</summary>
    HwPoison,
}
