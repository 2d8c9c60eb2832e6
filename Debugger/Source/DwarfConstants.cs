namespace MmuEmu.Debugger.Source;

/// <summary>Kinds of entries that are looked at. Source: [DWARF5 "Tag encodings"].</summary>
internal enum DwarfTag : ushort
{
    /// <summary>A function, or one piece of code of it.</summary>
    Subprogram = 0x2e,

    /// <summary>A call whose code stands in the caller.</summary>
    InlinedSubroutine = 0x1d,

    /// <summary>Entries that several units import.</summary>
    PartialUnit = 0x3c,

    /// <summary>Entries that several units refer to by signature.</summary>
    TypeUnit = 0x41,

    /// <summary>Stands for a unit in another file.</summary>
    SkeletonUnit = 0x4a,
}

/// <summary>Attributes that are looked at; all others are passed over. Source: [DWARF5 "Attribute encodings"].</summary>
internal enum DwarfAttribute : ushort
{
    /// <summary>The name as it was written.</summary>
    Name = 0x03,

    /// <summary>Where the line program is.</summary>
    StmtList = 0x10,

    /// <summary>The first address.</summary>
    LowPc = 0x11,

    /// <summary>The address behind the last, or the bytes from the first on.</summary>
    HighPc = 0x12,

    /// <summary>The folder in which the compiler ran.</summary>
    CompDir = 0x1b,

    /// <summary>The entry of which this one is a copy.</summary>
    AbstractOrigin = 0x31,

    /// <summary>The declaration that this entry completes.</summary>
    Specification = 0x47,

    /// <summary>The list of address ranges.</summary>
    Ranges = 0x55,

    /// <summary>The column of the call.</summary>
    CallColumn = 0x57,

    /// <summary>The file of the call.</summary>
    CallFile = 0x58,

    /// <summary>The line of the call.</summary>
    CallLine = 0x59,

    /// <summary>The name as the linker knows it.</summary>
    LinkageName = 0x6e,

    /// <summary>Where the unit's names by number begin.</summary>
    StrOffsetsBase = 0x72,

    /// <summary>Where the unit's addresses by number begin.</summary>
    AddrBase = 0x73,

    /// <summary>Where the unit's range lists by number begin.</summary>
    RngListsBase = 0x74,

    /// <summary>The file with the rest of the unit.</summary>
    DwoName = 0x76,

    /// <summary>The name as the linker knows it, before version 4.</summary>
    MipsLinkageName = 0x2007,

    /// <summary>The file with the rest of the unit, before version 5.</summary>
    GnuDwoName = 0x2130,
}

/// <summary>How the value of an attribute is written. Source: [DWARF5 "Attribute form encodings"]; the GNU forms are gcc's.</summary>
/// <remarks>The names are the standard's, DW_FORM_ left out.</remarks>
internal enum DwarfForm : ushort
{
    Addr = 0x01, Block2 = 0x03, Block4 = 0x04, Data2 = 0x05, Data4 = 0x06, Data8 = 0x07, String = 0x08, Block = 0x09, Block1 = 0x0a,
    Data1 = 0x0b, Flag = 0x0c, Sdata = 0x0d, Strp = 0x0e, Udata = 0x0f, RefAddr = 0x10, Ref1 = 0x11, Ref2 = 0x12, Ref4 = 0x13,
    Ref8 = 0x14, RefUdata = 0x15, Indirect = 0x16, SecOffset = 0x17, Exprloc = 0x18, FlagPresent = 0x19, Strx = 0x1a, Addrx = 0x1b,
    RefSup4 = 0x1c, StrpSup = 0x1d, Data16 = 0x1e, LineStrp = 0x1f, RefSig8 = 0x20, ImplicitConst = 0x21, Loclistx = 0x22,
    Rnglistx = 0x23, RefSup8 = 0x24, Strx1 = 0x25, Strx2 = 0x26, Strx3 = 0x27, Strx4 = 0x28, Addrx1 = 0x29, Addrx2 = 0x2a,
    Addrx3 = 0x2b, Addrx4 = 0x2c, GnuAddrIndex = 0x1f01, GnuStrIndex = 0x1f02, GnuRefAlt = 0x1f20, GnuStrpAlt = 0x1f21,
}
