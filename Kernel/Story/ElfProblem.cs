namespace MmuEmu.Kernel.Story;

/// <summary>Why a file cannot be loaded as a program; each tells which numbers come with it, none where it tells nothing.</summary>
public enum ElfProblem
{
    /// <summary>It can.</summary>
    None,

    /// <summary>It does not begin with the ELF magic. Found: its first two bytes as a little-endian number; 0 when it has fewer.</summary>
    NotElf,

    /// <summary>The header is cut short. Found: bytes of the file.</summary>
    TruncatedHeader,

    /// <summary>It is a 32-bit file.</summary>
    ThirtyTwoBit,

    /// <summary>It is big-endian, or of an unknown ELF version. Found: class, data encoding, version.</summary>
    WrongEncoding,

    /// <summary>It is for another processor. Found: e_machine.</summary>
    OtherMachine,

    /// <summary>It is an object file, a core dump or something else that does not run. Found: e_type.</summary>
    NotExecutable,

    /// <summary>PT_INTERP is no path that ends in a zero byte within the file. Found: p_offset, p_filesz, bytes of the file.</summary>
    BadInterpreterName,

    /// <summary>The interpreter that it names is not there, or may not be executed.</summary>
    NoInterpreter,

    /// <summary>The program headers lie outside the file, or have another size than 56 bytes. Found: e_phnum, e_phentsize, e_phoff, bytes of the file.</summary>
    BadProgramHeaders,

    /// <summary>A segment's last page, which must be zeroed behind the file's bytes, lies outside the file. Found: p_vaddr, p_filesz, p_offset, p_memsz, bytes of the file.</summary>
    TruncatedSegment,

    /// <summary>A segment has more bytes in the file than in memory, wraps, or reaches beyond user space. Found: p_vaddr, p_filesz, p_offset, p_memsz.</summary>
    BadSegment,

    /// <summary>A segment's place in the file and in memory differ within the page. Found: p_vaddr, p_filesz, p_offset, p_memsz.</summary>
    MisalignedSegment,

    /// <summary>A segment lies below the lowest address that may be mapped, vm.mmap_min_addr. Found: p_vaddr, the lowest address.</summary>
    LowSegment,

    /// <summary>There is nothing to load. Found: e_phnum.</summary>
    NoSegments,

    /// <summary>The entry point is in no segment that may be executed. Found: e_entry, then the p_vaddr of the segment that holds it, if one does.</summary>
    BadEntry,
}
