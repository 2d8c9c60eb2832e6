namespace MmuEmu.Kernel.Exec;

/// <summary>Why a file cannot be loaded as a program.</summary>
public enum ElfProblem
{
    /// <summary>It can.</summary>
    None,

    /// <summary>It does not begin with the ELF magic.</summary>
    NotElf,

    /// <summary>The header is cut short.</summary>
    TruncatedHeader,

    /// <summary>It is a 32-bit file.</summary>
    ThirtyTwoBit,

    /// <summary>It is big-endian, or of an unknown ELF version.</summary>
    WrongEncoding,

    /// <summary>It is for another processor.</summary>
    OtherMachine,

    /// <summary>It is an object file, a core dump or something else that does not run.</summary>
    NotExecutable,

    /// <summary>It names an interpreter: it is dynamically linked.</summary>
    Dynamic,

    /// <summary>The program headers lie outside the file, or have another size than 56 bytes.</summary>
    BadProgramHeaders,

    /// <summary>A segment's bytes lie outside the file.</summary>
    TruncatedSegment,

    /// <summary>A segment has more bytes in the file than in memory, wraps, or reaches beyond user space.</summary>
    BadSegment,

    /// <summary>A segment's place in the file and in memory differ within the page.</summary>
    MisalignedSegment,

    /// <summary>Two segments lie over each other.</summary>
    OverlappingSegments,

    /// <summary>There is nothing to load.</summary>
    NoSegments,

    /// <summary>The entry point is in no segment that may be executed.</summary>
    BadEntry,
}
