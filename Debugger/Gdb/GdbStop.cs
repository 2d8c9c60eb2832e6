using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Why a thread has stopped, as gdb distinguishes it.</summary>
internal enum GdbStopKind
{
    /// <summary>A step is done, or nothing is known.</summary>
    Trap,

    /// <summary>A breakpoint is here.</summary>
    Break,

    /// <summary>Watched memory has changed.</summary>
    Watch,

    /// <summary>Watched memory was read.</summary>
    ReadWatch,

    /// <summary>Watched memory was read, written or changed.</summary>
    AccessWatch,

    /// <summary>A signal is about to be acted on.</summary>
    Signal,

    /// <summary>The user wanted a stop.</summary>
    Interrupt,

    /// <summary>A process has begun.</summary>
    Fork,

    /// <summary>A process has begun that borrows its parent's memory.</summary>
    VFork,

    /// <summary>The parent has its memory again.</summary>
    VForkDone,

    /// <summary>A process runs another program.</summary>
    Exec,

    /// <summary>A system call begins.</summary>
    CallEntry,

    /// <summary>A system call has its result.</summary>
    CallReturn,

    /// <summary>The run begins here.</summary>
    Begin,

    /// <summary>The run ends here.</summary>
    End,

    /// <summary>The process has ended by itself.</summary>
    Exited,

    /// <summary>The process has ended by a signal.</summary>
    Killed,
}

/// <summary>Where and why the run has stopped.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Pid">The process.</param>
/// <param name="Tid">The thread.</param>
internal sealed record GdbStop(GdbStopKind Kind, int Pid, int Tid)
{
    /// <summary>Signal: which. Killed: by which.</summary>
    public Signal Signal { get; init; }

    /// <summary>Watch, ReadWatch, AccessWatch: the address. CallEntry, CallReturn: the number. Fork, VFork: the new process. Exited: its status.</summary>
    public ulong Number { get; init; }

    /// <summary>Exec: the program's path.</summary>
    public string Path { get; init; } = "";

    /// <summary>True when the process is gone.</summary>
    public bool IsGone => Kind is GdbStopKind.Exited or GdbStopKind.Killed;
}
