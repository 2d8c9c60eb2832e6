namespace MmuEmu.Emulator.Timing;

/// <summary>The owners of cycles; every cycle has exactly one (C-901).</summary>
public enum CpiBucket : byte
{
    /// <summary>Execution of instructions, memory apart.</summary>
    Base,

    /// <summary>Fetches that missed the first-level instruction cache.</summary>
    Frontend,

    /// <summary>Loads that hit the first-level data cache.</summary>
    DataL1,

    /// <summary>Loads served by the second-level cache.</summary>
    DataL2,

    /// <summary>Loads served by the third-level cache.</summary>
    DataL3,

    /// <summary>Loads served by memory.</summary>
    DataMemory,

    /// <summary>Translations that the second-level TLB answered.</summary>
    StlbHit,

    /// <summary>Second-level TLB look-ups that missed, and the start of the walker.</summary>
    WalkStart,

    /// <summary>Reads of PML5 entries by the walker.</summary>
    WalkPml5,

    /// <summary>Reads of PML4 entries by the walker.</summary>
    WalkPml4,

    /// <summary>Reads of page-directory-pointer entries by the walker.</summary>
    WalkPdpt,

    /// <summary>Reads of page-directory entries by the walker.</summary>
    WalkPd,

    /// <summary>Reads of page-table entries by the walker.</summary>
    WalkPt,

    /// <summary>Microcode assists that set accessed and dirty bits.</summary>
    AdAssist,

    /// <summary>Entering the kernel on a page fault, and the return from it.</summary>
    FaultEntryExit,

    /// <summary>Entering the kernel on a system call, and the return from it.</summary>
    SyscallEntryExit,

    /// <summary>The kernel's own instructions, at a fixed price per path.</summary>
    KernelPath,

    /// <summary>Lines that the kernel reads and writes: tables, zeroed and copied pages, user buffers.</summary>
    KernelMemory,

    /// <summary>TLB invalidations: INVLPG, MOV to CR3, and what waiting for other processors costs.</summary>
    TlbFlush,

    /// <summary>Switches between threads.</summary>
    ContextSwitch,

    /// <summary>Delivery of signals and the return from their handlers.</summary>
    Signal,

    /// <summary>Waiting for a device, such as swap.</summary>
    Device,
}
