using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Story;

/// <summary>What a user should be told once.</summary>
public enum NoticeKind
{
    /// <summary>A system call that nobody wrote answered ENOSYS; Number is its number.</summary>
    UnknownSyscall,

    /// <summary>An instruction of the processor is not implemented: SIGILL; Code and Rip say which.</summary>
    UnsupportedInstruction,

    /// <summary>An instruction needs what the processor has not: SIGILL; Code, Rip and Missing say which and what.</summary>
    MissingFeature,

    /// <summary>The out-of-memory killer ended a process; Victim, Resident and Swapped say which and how large it was.</summary>
    OutOfMemory,

    /// <summary>No instruction retires any more, as more pages are needed at once than frames are left; Number is how many faults there were, Rip where, Needed who needs what.</summary>
    NoProgress,

    /// <summary>Tasks wait for one another's locks in a circle; Needed names them in order, each waiting for the next.</summary>
    LockCycle,

    /// <summary>Nobody runs but in the allocator, which finds nothing and kills nobody while swap is free; Number passes, Swapped free slots, Needed who waits.</summary>
    AllocatorLoops,

    /// <summary>execve found a file and did not start it; Path, Errno, Elf, Found and Interpreter say which and why.</summary>
    ExecRefused,

    /// <summary>The machine preset is of another maker than the processor's vendor; Preset is that preset.</summary>
    OtherMaker,

    /// <summary>The machine started with fewer huge pages than were asked for; Number is how many were, Resident how many there are.</summary>
    SmallPool,

    /// <summary>A number has Linux's meaning, and the call looks as if a proposal's were meant; Number or Advice, Linux and Proposed say which.</summary>
    OtherMeaning,
}

/// <summary>Something that a user should be told once.</summary>
/// <param name="Kind">Which of the properties count.</param>
public sealed record Notice(NoticeKind Kind)
{
    /// <summary>The number of a system call.</summary>
    public ulong Number { get; init; }

    /// <summary>The number of an advice of madvise; null when the number is a system call's.</summary>
    public int? Advice { get; init; }

    /// <summary>What Linux calls a number; empty when it calls it nothing.</summary>
    public string Linux { get; init; } = "";

    /// <summary>What a proposal calls it.</summary>
    public string Proposed { get; init; } = "";

    /// <summary>An instruction.</summary>
    public CodeBytes Code { get; init; }

    /// <summary>Where it lies.</summary>
    public VirtAddr Rip { get; init; }

    /// <summary>The features it needs and the processor lacks; <see cref="CpuFeatures.Foreign"/> when no model has them.</summary>
    public CpuFeatures Missing { get; init; }

    /// <summary>A process that was ended.</summary>
    public TaskName Victim { get; init; }

    /// <summary>Pages it had in RAM.</summary>
    public long Resident { get; init; }

    /// <summary>Pages it had in swap.</summary>
    public long Swapped { get; init; }

    /// <summary>Who needs which pages, each once; what follows says that nobody can have all of his.</summary>
    public IReadOnlyList<(TaskName Task, VirtAddr Page)> Needed { get; init; } = [];

    /// <summary>A program, as its path was given.</summary>
    public string Path { get; init; } = "";

    /// <summary>What the caller got.</summary>
    public Errno Errno { get; init; }

    /// <summary>What is wrong with the program's file; <see cref="ElfProblem.None"/> when nothing is.</summary>
    public ElfProblem Elf { get; init; }

    /// <summary>The numbers that are wrong, as <see cref="ElfProblem"/> lists them for each problem; otherwise none.</summary>
    public IReadOnlyList<ulong> Found { get; init; } = [];

    /// <summary>The path of the interpreter whose problem it is; null when it is the program's own.</summary>
    public string? Interpreter { get; init; }

    /// <summary>A machine preset.</summary>
    public MachinePreset? Preset { get; init; }
}
