using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Paging;

/// <summary>The error code that a page fault pushes.</summary>
/// <remarks>Source: [SDM3 Paging, "Page-Fault Exceptions"].</remarks>
[Flags]
public enum PageFaultCode : uint
{
    /// <summary>A supervisor read met a non-present entry.</summary>
    None = 0,

    /// <summary>A protection violation or a reserved bit, not a non-present entry.</summary>
    P = 1 << 0,

    /// <summary>The access was a write.</summary>
    WR = 1 << 1,

    /// <summary>The access was a user-mode access (CPL 3); says nothing of the page.</summary>
    US = 1 << 2,

    /// <summary>A reserved bit was set in a paging-structure entry.</summary>
    Rsvd = 1 << 3,

    /// <summary>The access was an instruction fetch, and NXE or SMEP is on.</summary>
    ID = 1 << 4,

    /// <summary>A protection key forbade the access.</summary>
    PK = 1 << 5,
}

/// <summary>A page fault as a value: what CR2 and the error code will hold if it is delivered.</summary>
/// <param name="Cr2">The faulting byte.</param>
/// <param name="Code">The error code.</param>
/// <remarks>Making one changes no machine state. Source: [SDM3 Paging, "Page-Fault Exceptions"].</remarks>
public readonly record struct PageFault(VirtAddr Cr2, PageFaultCode Code);
