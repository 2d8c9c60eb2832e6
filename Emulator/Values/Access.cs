namespace MmuEmu.Emulator.Values;

/// <summary>What an access does to the byte it names.</summary>
public enum AccessKind : byte
{
    /// <summary>Reads data.</summary>
    Read,

    /// <summary>Writes data; a read-modify-write counts as a write from its first look-up on.</summary>
    Write,

    /// <summary>Fetches an instruction.</summary>
    Fetch,
}

/// <summary>On whose behalf an access is made.</summary>
/// <remarks>Source: [SDM3 Paging, "Determination of Access Rights"]: user-mode, explicit and implicit supervisor-mode accesses.</remarks>
public enum AccessOrigin : byte
{
    /// <summary>Made at CPL 3, and not implicitly to a system structure.</summary>
    User,

    /// <summary>Made explicitly at CPL 0, 1 or 2; RFLAGS.AC lifts SMAP for it.</summary>
    Supervisor,

    /// <summary>Made by the processor itself to a GDT, LDT, IDT or TSS, at any CPL; RFLAGS.AC does not count.</summary>
    ImplicitSupervisor,
}

/// <summary>One access as the MMU is asked for it.</summary>
/// <param name="Address">The first byte.</param>
/// <param name="Kind">Read, write or fetch.</param>
/// <param name="Origin">User, supervisor, or the processor itself.</param>
public readonly record struct Access(VirtAddr Address, AccessKind Kind, AccessOrigin Origin)
{
    /// <summary>True for an access made at CPL 3 by the program itself.</summary>
    public bool FromUser => Origin == AccessOrigin.User;

    /// <summary>True when the access writes.</summary>
    public bool IsWrite => Kind == AccessKind.Write;

    /// <summary>True when the access fetches an instruction.</summary>
    public bool IsFetch => Kind == AccessKind.Fetch;
}
