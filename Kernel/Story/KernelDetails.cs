using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Story;

/// <summary>What a system call that succeeds leaves in RAX.</summary>
public enum RaxMeaning
{
    /// <summary>A number: bytes, a descriptor, an id, or 0.</summary>
    Count,

    /// <summary>An address of the caller.</summary>
    Address,

    /// <summary>The break as it is now: the address that was asked for, or the one before when that was refused.</summary>
    Break,
}

/// <summary>A system call.</summary>
/// <param name="Name">Its name, or its number in words when it has none.</param>
/// <param name="Arguments">The arguments as text, names and strings resolved; without brackets.</param>
/// <param name="Result">What it leaves in RAX; 0 at entry.</param>
public sealed record SyscallDetail(string Name, string Arguments, SysResult Result) : TraceDetail
{
    /// <summary>What RAX means when the call succeeds.</summary>
    public RaxMeaning Answer { get; init; }

    /// <summary>True when it came through <c>int $0x80</c>, with the number that i386 gives it.</summary>
    public bool Compat { get; init; }

    /// <summary>With EFAULT, the access to the guest's memory that failed; null when none did.</summary>
    public BadAccess? BadAccess { get; init; }
}

/// <summary>An access of a system call to the guest's memory that could not be made.</summary>
/// <param name="Address">The exact byte.</param>
/// <param name="Kind">What a touch by the program itself would have been.</param>
public readonly record struct BadAccess(VirtAddr Address, FaultKind Kind);

/// <summary>What became of a signal.</summary>
public enum SignalFate
{
    /// <summary>Its handler runs next.</summary>
    Handled,

    /// <summary>Nothing happens.</summary>
    Ignored,

    /// <summary>The process ends.</summary>
    Fatal,

    /// <summary>The process stops.</summary>
    Stopped,

    /// <summary>The process goes on.</summary>
    Continued,
}

/// <summary>A signal is delivered.</summary>
/// <param name="Info">Number, code, address or sender.</param>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Rip">Where the program was.</param>
/// <param name="Handler">The handler; 0 when there is none.</param>
public sealed record SignalDetail(SigInfo Info, SignalFate Fate, VirtAddr Rip, VirtAddr Handler) : TraceDetail
{
    /// <summary>The exception that raised it; null when none did, and for page faults, which have a detail of their own.</summary>
    public ExceptionVector? Vector { get; init; }

    /// <summary>The error code of that exception; 0 where it has none.</summary>
    public ulong ErrorCode { get; init; }

    /// <summary>The instruction that raised the exception; empty where nobody knows it, and without one.</summary>
    public CodeBytes Code { get; init; }

    /// <summary>The registers at that exception, 16 in the order of <see cref="Gpr"/>; otherwise none.</summary>
    public IReadOnlyList<ulong> Registers { get; init; } = [];

    /// <summary>The features that the instruction needs and the processor lacks; None when that is not the cause.</summary>
    public CpuFeatures Missing { get; init; }

    /// <summary>The instruction exists, and the machine does not know it.</summary>
    public bool Unsupported { get; init; }

    /// <summary>An instruction raised it while it was blocked or ignored, so it kills, whatever its handler.</summary>
    public bool Barred { get; init; }

    /// <summary>The process that sent it; null when none did, and when it is gone.</summary>
    public TaskName? Sender { get; init; }

    /// <summary>The signal that could not be delivered, for the SIGSEGV that came in its place; otherwise null.</summary>
    public SigInfo? Undelivered { get; init; }

    /// <summary>Where the frame of <see cref="Undelivered"/> would have lain; empty when its action had no restorer.</summary>
    public VirtRange Frame { get; init; }

    /// <summary>The alternate stack that the frame was for; empty when it was for the thread's own stack.</summary>
    public VirtRange AltStack { get; init; }

    /// <summary>The store of the frame that failed; null when the frame has no restorer or would not fit.</summary>
    public BadAccess? FrameAccess { get; init; }
}

/// <summary>The guest set a mark.</summary>
/// <param name="Name">Its name, at most 63 bytes.</param>
public sealed record MarkDetail(string Name) : TraceDetail;

/// <summary>What happened to a process.</summary>
public enum TaskChange
{
    /// <summary>It began: by boot or by a fork of its parent.</summary>
    Began,

    /// <summary>It runs another program.</summary>
    Executed,

    /// <summary>It ended.</summary>
    Ended,

    /// <summary>One more thread of it began.</summary>
    ThreadBegan,

    /// <summary>One of its threads ended, and others live.</summary>
    ThreadEnded,
}

/// <summary>A process began, changed its program or ended.</summary>
/// <param name="Change">Which.</param>
/// <param name="Parent">Its parent's id.</param>
/// <param name="Status">The wait status, once it ended.</param>
/// <param name="Text">The program.</param>
public sealed record TaskDetail(TaskChange Change, int Parent, int Status, string Text) : TraceDetail;

/// <summary>A pressure rule fires.</summary>
/// <param name="Text">The rule, as it can be typed.</param>
public sealed record RuleDetail(string Text) : TraceDetail;

/// <summary>What memory management was asked by when it did something.</summary>
/// <param name="Cause">It.</param>
public sealed record CauseDetail(WorkCause Cause) : TraceDetail;
