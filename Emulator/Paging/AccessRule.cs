namespace MmuEmu.Emulator.Paging;

/// <summary>The rule by which an access to a page is refused.</summary>
/// <remarks>Source: [SDM3 Paging, "Determination of Access Rights", "Protection Keys" and "Page-Fault Exceptions"].</remarks>
public enum AccessRule
{
    /// <summary>None: it passes.</summary>
    None,

    /// <summary>P is clear in an entry.</summary>
    NotPresent,

    /// <summary>A reserved bit is set in an entry.</summary>
    Reserved,

    /// <summary>A user access, and U/S is clear in an entry.</summary>
    UserSupervisor,

    /// <summary>A write, and R/W is clear in an entry: a user's, or with CR0.WP the supervisor's too.</summary>
    ReadWrite,

    /// <summary>A fetch, and XD is set in an entry while EFER.NXE is set.</summary>
    ExecuteDisable,

    /// <summary>A fetch by the supervisor from a user page under CR4.SMEP.</summary>
    Smep,

    /// <summary>A data access by the supervisor to a user page under CR4.SMAP, implicit or with EFLAGS.AC clear.</summary>
    Smap,

    /// <summary>PKRU disables access, or writes, for the key of a user page under CR4.PKE.</summary>
    ProtectionKey,
}
