namespace MmuEmu.Kernel.Abi;

/// <summary>The flags of mmap.</summary>
/// <remarks>Source: [Linux include/uapi/linux/mman.h, arch/x86/include/uapi/asm/mman.h].</remarks>
[Flags]
public enum MapFlags : uint
{
    /// <summary>No flag; refused, because neither shared nor private.</summary>
    None = 0,

    /// <summary>Writes reach the file and every other mapper.</summary>
    Shared = 0x01,

    /// <summary>Writes make private copies.</summary>
    Private = 0x02,

    /// <summary>Shared, and unknown flags are refused.</summary>
    SharedValidate = 0x03,

    /// <summary>The address is an order, not a hint; what lies there is unmapped first.</summary>
    Fixed = 0x10,

    /// <summary>No file: zero pages.</summary>
    Anonymous = 0x20,

    /// <summary>Below 2 GiB.</summary>
    Map32Bit = 0x40,

    /// <summary>Above 4 GiB; ignored.</summary>
    Above4G = 0x80,

    /// <summary>The mapping grows down like a stack.</summary>
    GrowsDown = 0x0100,

    /// <summary>Accepted and ignored.</summary>
    DenyWrite = 0x0800,

    /// <summary>Accepted and ignored.</summary>
    Executable = 0x1000,

    /// <summary>Lock the pages as mlock does.</summary>
    Locked = 0x2000,

    /// <summary>Do not account the mapping against memory and swap.</summary>
    NoReserve = 0x4000,

    /// <summary>Fill the page tables now.</summary>
    Populate = 0x8000,

    /// <summary>With Populate: only pages already in memory.</summary>
    NonBlock = 0x1_0000,

    /// <summary>A hint that this is a stack; ignored.</summary>
    Stack = 0x2_0000,

    /// <summary>Huge pages.</summary>
    HugeTlb = 0x4_0000,

    /// <summary>Synchronous faults for persistent memory.</summary>
    Sync = 0x8_0000,

    /// <summary>As <see cref="Fixed"/>, but EEXIST when something lies there.</summary>
    FixedNoReplace = 0x10_0000,

    /// <summary>No zeroing, on machines without an MMU; ignored.</summary>
    Uninitialized = 0x400_0000,
}

/// <summary>The flags of mremap.</summary>
/// <remarks>Source: [Linux include/uapi/linux/mman.h].</remarks>
[Flags]
internal enum RemapFlags : uint
{
    /// <summary>Stay at the same address.</summary>
    None = 0,

    /// <summary>The mapping may move.</summary>
    MayMove = 1,

    /// <summary>The mapping moves to the given address.</summary>
    Fixed = 2,

    /// <summary>The old mapping stays, empty.</summary>
    DontUnmap = 4,
}
