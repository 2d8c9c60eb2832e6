namespace MmuEmu.Kernel.Exec;

/// <summary>Why a file is no program, with what was found.</summary>
/// <param name="Problem">Which rule it breaks.</param>
/// <param name="Found">The numbers that break it, as <see cref="ElfProblem"/> lists them for each.</param>
internal readonly record struct ElfRefusal(ElfProblem Problem, params IReadOnlyList<ulong> Found)
{
    /// <summary>With <see cref="ElfProblem.Dynamic"/> the interpreter's path; null when it lies outside the file, or with other problems.</summary>
    public string? Interpreter { get; init; }
}
