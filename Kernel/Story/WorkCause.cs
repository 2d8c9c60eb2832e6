namespace MmuEmu.Kernel.Story;

/// <summary>Who may ask memory management to work.</summary>
public enum WorkCauseKind : byte
{
    /// <summary>An allocation that found RAM short, outside system calls.</summary>
    Allocation,

    /// <summary>A system call.</summary>
    Syscall,

    /// <summary>A pressure rule.</summary>
    Rule,

    /// <summary>A debugger, while the run stood still.</summary>
    Debugger,
}

/// <summary>Why memory management works now.</summary>
/// <param name="Kind">Who asked.</param>
/// <param name="Number">The system call's number, with bit 40 set for a proposal's meaning of it; or the rule's, from 0.</param>
public readonly record struct WorkCause(WorkCauseKind Kind, ulong Number);
