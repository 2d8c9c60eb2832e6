using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Sessions;

/// <summary>What is wrong with a program file, in words.</summary>
internal static class ElfText
{
    private const ulong Script = '#' | ('!' << 8);

    /// <summary>Which of the two files it is when it is the interpreter, a clause, a colon, and what was found.</summary>
    /// <param name="problem">What is wrong.</param>
    /// <param name="found">The numbers, as the problem lists them.</param>
    /// <param name="interpreter">The interpreter whose problem it is; null when it is the program's own.</param>
    public static string Of(ElfProblem problem, IReadOnlyList<ulong> found, string? interpreter) => (problem, interpreter) switch
    {
        (ElfProblem.NoInterpreter, _) => $"{Of(problem)}: {interpreter}",
        (_, not null) => $"its interpreter {interpreter}: {Of(problem)}: {Numbers(problem, found)}",
        _ => $"{Of(problem)}: {Numbers(problem, found)}",
    };

    private static string Of(ElfProblem problem) => problem switch
    {
        ElfProblem.None => "it could not be started",
        ElfProblem.NotElf => "not an ELF file",
        ElfProblem.TruncatedHeader => "its ELF header is cut short",
        ElfProblem.ThirtyTwoBit => "a 32-bit program; only 64-bit ones run here",
        ElfProblem.WrongEncoding => "not a little-endian ELF64 file",
        ElfProblem.OtherMachine => "a program for another processor",
        ElfProblem.NotExecutable => "an ELF file, but not a program",
        ElfProblem.BadInterpreterName => "the name of its interpreter is damaged",
        ElfProblem.NoInterpreter => "its interpreter is not there, or may not be executed",
        ElfProblem.BadProgramHeaders => "its program headers are damaged",
        ElfProblem.TruncatedSegment => "it is cut short",
        ElfProblem.LowSegment => "a segment lies too low",
        ElfProblem.BadSegment => "a segment is impossible",
        ElfProblem.MisalignedSegment => "a segment's place in the file and in memory differ within the page",
        ElfProblem.NoSegments => "there is nothing to load",
        ElfProblem.BadEntry => "its entry point is impossible",
    };

    private static string Numbers(ElfProblem problem, IReadOnlyList<ulong> found) => (problem, found) switch
    {
        (ElfProblem.NotElf, [Script]) => "it is a script",
        (ElfProblem.NotElf, _) => "it does not begin with 7f 45 4c 46",
        (ElfProblem.TruncatedHeader, [var bytes]) => $"{bytes} bytes, the header alone has 64",
        (ElfProblem.ThirtyTwoBit, _) => "its class is ELFCLASS32",
        (ElfProblem.WrongEncoding, [var width, var encoding, var version]) => $"class {width}, data encoding {encoding}, version {version}",
        (ElfProblem.OtherMachine, [var machine]) => $"e_machine is {machine}, x86-64 is 62",
        (ElfProblem.NotExecutable, [var type]) => $"e_type is {type}",
        (ElfProblem.BadInterpreterName, [var start, var bytes, var all]) => $"{bytes} bytes at offset 0x{start:x} of {all}",
        (ElfProblem.BadProgramHeaders, [var count, var size, var start, var bytes]) => $"{count} headers of {size} bytes at offset 0x{start:x} of {bytes}",
        (ElfProblem.TruncatedSegment, [var at, var bytes, var offset, var memory, var all]) => $"{Segment(at, bytes, offset, memory)}; the file has {all} bytes",
        (ElfProblem.BadSegment or ElfProblem.MisalignedSegment, [var at, var bytes, var offset, var memory]) => Segment(at, bytes, offset, memory),
        (ElfProblem.LowSegment, [var at, var lowest]) => $"at 0x{at:x}; no mapping lies below 0x{lowest:x}",
        (ElfProblem.NoSegments, [0]) => "it has no program headers",
        (ElfProblem.NoSegments, _) => "no segment is to be loaded",
        (ElfProblem.BadEntry, [var entry]) => $"the entry point 0x{entry:x} lies in no segment",
        (ElfProblem.BadEntry, [var entry, _]) => $"the entry point 0x{entry:x} lies in a segment that may not be executed",
        _ => "",
    };

    private static string Segment(ulong at, ulong bytes, ulong offset, ulong memory) => $"segment at 0x{at:x}, {bytes} bytes of 0x{offset:x}, {memory} in memory";
}
