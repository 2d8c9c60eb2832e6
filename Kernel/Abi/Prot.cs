namespace MmuEmu.Kernel.Abi;

/// <summary>What a mapping allows, as mmap and mprotect take it.</summary>
/// <remarks>Source: [Linux include/uapi/asm-generic/mman-common.h].</remarks>
[Flags]
public enum Prot : uint
{
    /// <summary>No access at all.</summary>
    None = 0,

    /// <summary>Reads.</summary>
    Read = 1,

    /// <summary>Writes; on x86 a writable page is readable too.</summary>
    Write = 2,

    /// <summary>Instruction fetches; on x86 an executable page is readable too.</summary>
    Exec = 4,

    /// <summary>mprotect only: extend the change to the start of a mapping that grows down.</summary>
    GrowsDown = 0x0100_0000,

    /// <summary>mprotect only: extend the change to the end of a mapping that grows up.</summary>
    GrowsUp = 0x0200_0000,
}
