using MmuEmu.Kernel.Exec;

namespace MmuEmu.Kernel.Setup;

/// <summary>Why there is nothing to run.</summary>
public enum BootFailureKind
{
    /// <summary>The file is not there or cannot be read.</summary>
    ProgramNotFound,

    /// <summary>The file is no program that this machine runs; the loader's reason says why.</summary>
    ProgramRefused,

    /// <summary>RAM is not a multiple of 4096 between 1 MiB and 64 GiB, or the host refuses it.</summary>
    BadRam,

    /// <summary>The program does not fit into RAM.</summary>
    RamTooSmall,

    /// <summary>Swap is not a multiple of 4096.</summary>
    BadSwap,

    /// <summary>No processor has that name.</summary>
    UnknownPreset,
}

/// <summary>Why there is nothing to run, in words too.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Message">One sentence: what was found, and what was expected.</param>
/// <param name="Elf">The loader's reason, when it refused the file.</param>
public sealed record BootFailure(BootFailureKind Kind, string Message, ElfProblem Elf = ElfProblem.None);
