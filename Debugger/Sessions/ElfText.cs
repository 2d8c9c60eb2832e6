using MmuEmu.Kernel.Exec;
using MmuEmu.Kernel.Setup;

namespace MmuEmu.Debugger.Sessions;

/// <summary>What is wrong with a program file, in words.</summary>
internal static class ElfText
{
    private const ulong Script = '#' | ('!' << 8);

    /// <summary>A clause, a colon, and what was found.</summary>
    public static string Of(BootFailure failure) => $"{Of(failure.Elf)}: {Found(failure)}";

    private static string Of(ElfProblem problem) => problem switch
    {
        ElfProblem.None => "it could not be started",
        ElfProblem.NotElf => "not an ELF file",
        ElfProblem.TruncatedHeader => "its ELF header is cut short",
        ElfProblem.ThirtyTwoBit => "a 32-bit program; only 64-bit ones run here",
        ElfProblem.WrongEncoding => "not a little-endian ELF64 file",
        ElfProblem.OtherMachine => "a program for another processor",
        ElfProblem.NotExecutable => "an ELF file, but not a program",
        ElfProblem.Dynamic => "dynamically linked; link it with -static; its interpreter is",
        ElfProblem.BadProgramHeaders => "its program headers are damaged",
        ElfProblem.TruncatedSegment => "it is cut short",
        ElfProblem.BadSegment => "a segment is impossible",
        ElfProblem.MisalignedSegment => "a segment's place in the file and in memory differ within the page",
        ElfProblem.OverlappingSegments => "two segments overlap",
        ElfProblem.NoSegments => "there is nothing to load",
        ElfProblem.BadEntry => "its entry point is impossible",
    };

    private static string Found(BootFailure failure) => (failure.Elf, failure.Found) switch
    {
        (ElfProblem.NotElf, [Script]) => "it is a script",
        (ElfProblem.NotElf, _) => "it does not begin with 7f 45 4c 46",
        (ElfProblem.TruncatedHeader, [var bytes]) => $"{bytes} bytes, the header alone has 64",
        (ElfProblem.ThirtyTwoBit, _) => "its class is ELFCLASS32",
        (ElfProblem.WrongEncoding, [var width, var encoding, var version]) => $"class {width}, data encoding {encoding}, version {version}",
        (ElfProblem.OtherMachine, [var machine]) => $"e_machine is {machine}, x86-64 is 62",
        (ElfProblem.NotExecutable, [var type]) => $"e_type is {type}",
        (ElfProblem.Dynamic, _) => failure.Interpreter ?? "an interpreter that lies outside the file",
        (ElfProblem.BadProgramHeaders, [var count, var size, var start, var bytes]) => $"{count} headers of {size} bytes at offset 0x{start:x} of {bytes}",
        (ElfProblem.TruncatedSegment, [var at, var bytes, var offset, var memory, var all]) => $"{Segment(at, bytes, offset, memory)}; the file has {all} bytes",
        (ElfProblem.BadSegment or ElfProblem.MisalignedSegment, [var at, var bytes, var offset, var memory]) => Segment(at, bytes, offset, memory),
        (ElfProblem.OverlappingSegments, [var lower, var upper]) => $"segments at 0x{lower:x} and 0x{upper:x}",
        (ElfProblem.NoSegments, [0]) => "it has no program headers",
        (ElfProblem.NoSegments, _) => "no segment is to be loaded",
        (ElfProblem.BadEntry, [var entry]) => $"the entry point 0x{entry:x} lies in no segment",
        (ElfProblem.BadEntry, [var entry, _]) => $"the entry point 0x{entry:x} lies in a segment that may not be executed",
        _ => "",
    };

    private static string Segment(ulong at, ulong bytes, ulong offset, ulong memory) => $"segment at 0x{at:x}, {bytes} bytes of 0x{offset:x}, {memory} in memory";
}
