using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Setup;

/// <summary>Why there is nothing to run.</summary>
public enum BootFailureKind
{
    /// <summary>The file is not there (ENOENT), is a directory (EISDIR) or cannot be read (EACCES, EIO).</summary>
    ProgramNotFound,

    /// <summary>The file is no program that this machine runs, which the loader's reason explains, has an interpreter that cannot be found (ENOENT, EACCES and others), or has too long arguments (E2BIG).</summary>
    ProgramRefused,

    /// <summary>RAM is not a multiple of 4096 between 1 MiB and 64 GiB (EINVAL), or the host refuses it (ENOMEM).</summary>
    BadRam,

    /// <summary>The program does not fit into RAM.</summary>
    RamTooSmall,

    /// <summary>Swap is not a multiple of 4096.</summary>
    BadSwap,

    /// <summary>No processor has that name.</summary>
    UnknownPreset,

    /// <summary>The profile asks for two proposals that claim one number, which Found gives; Claims gives what each calls it.</summary>
    NumberClaimedTwice,
}

/// <summary>Why there is nothing to run, with what was found.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Name">The program, or with <see cref="BootFailureKind.UnknownPreset"/> the processor, as it was asked for; empty with RAM, swap and profile.</param>
/// <param name="Errno">Which of the kind's reasons; <see cref="Errno.None"/> where there is only one.</param>
/// <param name="Elf">The loader's reason, when it refused the file.</param>
public sealed record BootFailure(BootFailureKind Kind, string Name, Errno Errno = Errno.None, ElfProblem Elf = ElfProblem.None)
{
    /// <summary>RAM or swap as it was asked for; with too long arguments the most that they may take; otherwise 0.</summary>
    public ulong Bytes { get; init; }

    /// <summary>The numbers that the loader refused, as <see cref="ElfProblem"/> lists them for each problem; otherwise none.</summary>
    public IReadOnlyList<ulong> Found { get; init; } = [];

    /// <summary>What two proposals call the number that both claim, madvise's advice or a system call; otherwise none.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>The path of the interpreter whose problem it is; null when it is the program's own.</summary>
    public string? Interpreter { get; init; }
}
