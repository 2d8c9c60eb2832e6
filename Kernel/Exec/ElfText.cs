namespace MmuEmu.Kernel.Exec;

/// <summary>What is wrong with a program file, in words.</summary>
internal static class ElfText
{
    /// <summary>A clause for a message.</summary>
    public static string Of(ElfProblem problem) => problem switch
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
}
