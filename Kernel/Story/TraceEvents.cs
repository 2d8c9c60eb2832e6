using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Story;

/// <summary>A page fault: what the processor said, what the tables held, and what the kernel made of it.</summary>
/// <param name="Stamp">When and where.</param>
/// <param name="Rip">The instruction, not yet executed.</param>
/// <param name="Fault">CR2 and the error code.</param>
/// <param name="Path">The entries the walk read; the last one ended it.</param>
public readonly record struct FaultEvent(TraceStamp Stamp, VirtAddr Rip, PageFault Fault, WalkPath Path)
{
    /// <summary>What the kernel took it for.</summary>
    public FaultKind Kind { get; init; }

    /// <summary>The entry for the address after the fault was handled; 0 when there is none.</summary>
    public Pte After { get; init; }

    /// <summary>The signal it ends in; <see cref="Abi.Signal.None"/> when the instruction just runs again.</summary>
    public SigInfo Signal { get; init; }

    /// <summary>The mapping that covers the address, as a line of /proc/PID/maps; empty when there is none.</summary>
    public string Mapping => Line?.ToString() ?? "";

    /// <summary>Likewise, not yet put into words; null when there is none.</summary>
    public MapsLine? Line { get; init; }
}

/// <summary>What the MMU did off its fast path.</summary>
/// <param name="Stamp">Where, and T when the core was last entered: instructions that retired since are not counted in it.</param>
/// <param name="What">The MMU's own record.</param>
public readonly record struct WalkEvent(TraceStamp Stamp, MmuEvent What);

/// <summary>Whether a system call begins or returns.</summary>
public enum SyscallPhase
{
    /// <summary>Its arguments are in the registers.</summary>
    Entry,

    /// <summary>Its result is in RAX.</summary>
    Return,
}

/// <summary>A system call.</summary>
/// <param name="Stamp">When and where.</param>
/// <param name="Phase">Entry or return.</param>
/// <param name="Number">RAX at entry.</param>
/// <param name="Name">Its name, or its number in words when it has none.</param>
public readonly record struct SyscallEvent(TraceStamp Stamp, SyscallPhase Phase, ulong Number, string Name)
{
    /// <summary>The arguments as text, names and strings resolved; without brackets.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>What it left in RAX; at return only.</summary>
    public SysResult Result { get; init; }
}

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
/// <param name="Stamp">When and where.</param>
/// <param name="Info">Number, code, address or sender.</param>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Rip">Where the program was.</param>
/// <param name="Handler">The handler; 0 when there is none.</param>
public readonly record struct SignalEvent(TraceStamp Stamp, SigInfo Info, SignalFate Fate, VirtAddr Rip, VirtAddr Handler);

/// <summary>Memory management did something.</summary>
/// <param name="Stamp">When and where.</param>
/// <param name="What">Its own record.</param>
public readonly record struct MemoryEvent(TraceStamp Stamp, MmEvent What);

/// <summary>The guest set a mark.</summary>
/// <param name="Stamp">When and where.</param>
/// <param name="Name">Its name, at most 63 bytes.</param>
public readonly record struct MarkEvent(TraceStamp Stamp, string Name);

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
/// <param name="Stamp">When and where.</param>
/// <param name="Change">Which.</param>
/// <param name="Parent">Its parent's id.</param>
/// <param name="Status">The wait status, once it ended.</param>
/// <param name="Text">The program.</param>
public readonly record struct TaskEvent(TraceStamp Stamp, TaskChange Change, int Parent, int Status, string Text);
