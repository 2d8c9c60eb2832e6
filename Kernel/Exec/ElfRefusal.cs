using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Exec;

/// <summary>Why a file is no program, with what was found.</summary>
/// <param name="Problem">Which rule it breaks.</param>
/// <param name="Found">The numbers that break it, as <see cref="ElfProblem"/> lists them for each.</param>
internal readonly record struct ElfRefusal(ElfProblem Problem, params IReadOnlyList<ulong> Found)
{
    /// <summary>The path of the interpreter whose problem it is; null when it is the program's own.</summary>
    public string? Interpreter { get; init; }

    /// <summary>What execve answers: ELIBBAD for an interpreter that is no program; EINVAL, EPERM or EFAULT for segments; else ENOEXEC.</summary>
    /// <remarks>What keeps an interpreter from being found has an errno of its own.</remarks>
    public Errno Errno => (Interpreter, Problem) switch
    {
        (not null, _) => Errno.ELIBBAD,
        (_, ElfProblem.LowSegment) => Errno.EPERM,
        (_, ElfProblem.TruncatedSegment) => Errno.EFAULT,
        (_, ElfProblem.BadSegment or ElfProblem.MisalignedSegment) => Errno.EINVAL,
        _ => Errno.ENOEXEC,
    };
}
