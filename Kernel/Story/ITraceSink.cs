namespace MmuEmu.Kernel.Story;

/// <summary>The families of trace events.</summary>
[Flags]
public enum TraceKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Page faults, with the walk that ended in them.</summary>
    Fault = 1 << 0,

    /// <summary>Every walk of the page tables.</summary>
    Walk = 1 << 1,

    /// <summary>System calls, at entry and at return.</summary>
    Syscall = 1 << 2,

    /// <summary>What memory management does: reclaim, purge, swap, entries and flushes.</summary>
    Reclaim = 1 << 3,

    /// <summary>Signals as they are delivered.</summary>
    Signal = 1 << 4,

    /// <summary>Marks that the guest set.</summary>
    Mark = 1 << 5,

    /// <summary>Processes that begin, change their program or end.</summary>
    Task = 1 << 6,
}

/// <summary>Listens to a run; seeing changes nothing. Events come in the order in which things happen.</summary>
public interface ITraceSink
{
    /// <summary>The families that are wanted; asked once, when the kernel is built.</summary>
    TraceKinds Wanted { get; }

    /// <summary>A page fault was taken and handled.</summary>
    void OnFault(in FaultEvent happened);

    /// <summary>The MMU walked the tables.</summary>
    void OnWalk(in WalkEvent happened);

    /// <summary>A system call begins or returns.</summary>
    void OnSyscall(in SyscallEvent happened);

    /// <summary>A signal was delivered, ignored or fatal.</summary>
    void OnSignal(in SignalEvent happened);

    /// <summary>Memory management did something.</summary>
    void OnMemory(in MemoryEvent happened);

    /// <summary>The guest set a mark.</summary>
    void OnMark(in MarkEvent happened);

    /// <summary>A process began, changed its program or ended.</summary>
    void OnTask(in TaskEvent happened);
}
