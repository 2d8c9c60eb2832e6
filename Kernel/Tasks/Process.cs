using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Tasks;

/// <summary>What a process is.</summary>
internal enum ProcessState
{
    /// <summary>It lives.</summary>
    Alive,

    /// <summary>A signal has stopped it.</summary>
    Stopped,

    /// <summary>It has ended, and its parent has not asked how.</summary>
    Zombie,

    /// <summary>It is gone.</summary>
    Reaped,
}

/// <summary>The program that a process runs, as /proc tells it.</summary>
/// <param name="Path">The file, as it was asked for.</param>
/// <param name="File">The file itself.</param>
/// <param name="Arguments">argv.</param>
/// <param name="Environment">The environment.</param>
internal sealed record ProgramInfo(string Path, Inode File, IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment)
{
    /// <summary>Where the file lies, without symbolic links: what /proc/PID/exe leads to.</summary>
    public required string Location { get; init; }

    /// <summary>Bytes of the auxiliary vector.</summary>
    public byte[] AuxiliaryVector { get; init; } = [];
}

/// <summary>A process: an address space, open files, signal actions, and a place in the family.</summary>
internal sealed class Process : IStateful
{
    /// <summary>A process without threads.</summary>
    public Process(int pid, Process? parent) => (Pid, Parent, Group, Session) = (pid, parent, parent?.Group ?? pid, parent?.Session ?? pid);

    /// <summary>Its id.</summary>
    public int Pid { get; }

    /// <summary>Its parent; null for the first process and for orphans.</summary>
    public Process? Parent { get; set; }

    /// <summary>Its parent's id.</summary>
    public int ParentPid => Parent?.Pid ?? ProcessTable.OutsidePid;

    /// <summary>Its children, oldest first, zombies too.</summary>
    public List<Process> Children { get; } = [];

    /// <summary>Its threads, the first one first; that one stays here after its end until the process ends.</summary>
    public List<UserThread> Threads { get; } = [];

    /// <summary>How many of them have not ended.</summary>
    public int LiveThreads
    {
        get
        {
            int live = 0;
            foreach (UserThread thread in Threads)
            {
                live += thread.State == RunState.Dead ? 0 : 1;
            }

            return live;
        }
    }

    /// <summary>Its process group.</summary>
    public int Group { get; set; }

    /// <summary>Its session.</summary>
    public int Session { get; set; }

    /// <summary>What it is.</summary>
    public ProcessState State { get; set; }

    /// <summary>How it ended, stopped or went on.</summary>
    public WaitStatus Status { get; set; }

    /// <summary>True when the parent has not yet been told of <see cref="Status"/>.</summary>
    public bool StatusIsNews { get; set; }

    /// <summary>The signal that its parent gets when it ends; <see cref="Signal.None"/> for none.</summary>
    public Signal ExitSignal { get; set; } = Signal.SIGCHLD;

    /// <summary>The out-of-memory killer has chosen it.</summary>
    public bool KilledForMemory { get; set; }

    /// <summary>The parent waits in vfork until this one runs another program or ends.</summary>
    public bool HoldsParent { get; set; }

    /// <summary>Its memory; null once it has ended.</summary>
    public SharedSpace? Memory { get; set; }

    /// <summary>Its address space; only while it lives.</summary>
    public AddressSpace Space => Memory!.Space;

    /// <summary>Its descriptors.</summary>
    public FileTable Files { get; set; } = new();

    /// <summary>Its working directory.</summary>
    public required Place WorkingDirectory { get; set; }

    /// <summary>Permission bits that new files do not get.</summary>
    public uint Umask { get; set; } = 0x12;

    /// <summary>What it runs.</summary>
    public required ProgramInfo Program { get; set; }

    /// <summary>The short name of its first thread.</summary>
    public string Name => Threads.Count == 0 ? "" : Threads[0].Name;

    /// <summary>What it wants done about signals.</summary>
    public SignalActions Actions { get; set; } = new();

    /// <summary>Signals sent to the process as a whole.</summary>
    public PendingSignals Pending { get; } = new();

    /// <summary>When its alarm rings; <see cref="VirtualClock.Never"/> for no alarm.</summary>
    public ulong AlarmNs { get; set; } = VirtualClock.Never;

    /// <summary>The alarm's period; 0 for a single one.</summary>
    public ulong AlarmPeriodNs { get; set; }

    /// <summary>Its timers, by number.</summary>
    public SortedDictionary<int, IntervalTimer> Timers { get; } = [];

    /// <summary>Instructions that its threads have retired.</summary>
    public ulong Instructions { get; set; }

    /// <summary>What its children used that were waited for, and theirs.</summary>
    public Usage OfChildren { get; set; }

    /// <summary>Instructions of its children that were waited for.</summary>
    public ulong ChildInstructions => OfChildren.Instructions;

    /// <summary>Page faults of its threads.</summary>
    public FaultAccount Faults { get; } = new(null);

    /// <summary>The most pages that were resident in address spaces which it has left.</summary>
    public long LeftPeakPages { get; set; }

    /// <summary>What it has used.</summary>
    public Usage Used => new(Instructions, Faults.Minor, Faults.Major, Math.Max(LeftPeakPages, Memory?.Space.Rss.Peak ?? 0));

    /// <summary>When it began, on the monotonic clock.</summary>
    public ulong StartedNs { get; init; }

    /// <summary>Where the stack's arguments begin, for /proc/PID/stat.</summary>
    public VirtAddr StackStart { get; set; }

    /// <summary>The signals sent to the process that <paramref name="thread"/> takes: those that no thread before it takes, and SIGKILL, which reaches all.</summary>
    /// <remarks>A thread that cannot go on before memory is free would otherwise keep the processor from the one that is to die. Source: [Linux kernel/signal.c, complete_signal].</remarks>
    public SignalSet SharedFor(UserThread thread)
    {
        SignalSet left = Pending.Set - thread.Blocked;
        SignalSet kill = left & SignalSet.Of(Signal.SIGKILL);
        if (left.IsEmpty)
        {
            return left;
        }

        foreach (UserThread earlier in Threads)
        {
            if (earlier == thread)
            {
                break;
            }

            left = earlier.State == RunState.Dead ? left : left & earlier.Blocked;
        }

        return left | kill;
    }

    /// <summary>Program and id.</summary>
    public TaskName Title => new(Name, Pid);

    /// <summary>Program and id.</summary>
    public override string ToString() => Title.ToString();

    object IStateful.Save(object? last) => new Saved(
        (Parent, [.. Children], [.. Threads], Group, Session),
        (State, Status, StatusIsNews, ExitSignal, KilledForMemory, HoldsParent),
        (Memory, Files, WorkingDirectory, Umask, Program, StackStart, Actions),
        (AlarmNs, AlarmPeriodNs, [.. Timers.Values], Instructions, OfChildren, LeftPeakPages));

    void IStateful.Restore(object state)
    {
        Saved saved = (Saved)state;
        (Parent, Process[] children, UserThread[] threads, Group, Session) = saved.Family;
        (State, Status, StatusIsNews, ExitSignal, KilledForMemory, HoldsParent) = saved.Life;
        (Memory, Files, WorkingDirectory, Umask, Program, StackStart, Actions) = saved.Own;
        (AlarmNs, AlarmPeriodNs, IntervalTimer[] timers, Instructions, OfChildren, LeftPeakPages) = saved.Clocks;
        Children.Clear();
        Children.AddRange(children);
        Threads.Clear();
        Threads.AddRange(threads);
        Timers.Clear();
        foreach (IntervalTimer timer in timers)
        {
            Timers.Add(timer.Id, timer);
        }
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(Parent);
        visitor.SeeAll(Children);
        visitor.SeeAll(Threads);
        visitor.SeeAll(Timers.Values);
        visitor.See(Memory);
        visitor.See(Actions);
        visitor.See(Pending);
        visitor.See(Faults);
        visitor.SeeAny(Files);
        visitor.SeeAny(Program.File);
        for (Place? place = WorkingDirectory; place is not null; place = place.Parent)
        {
            visitor.SeeAny(place.Inode);
        }
    }

    private sealed record Saved(
        (Process? Parent, Process[] Children, UserThread[] Threads, int Group, int Session) Family,
        (ProcessState State, WaitStatus Status, bool IsNews, Signal ExitSignal, bool Killed, bool HoldsParent) Life,
        (SharedSpace? Memory, FileTable Files, Place Folder, uint Umask, ProgramInfo Program, VirtAddr Stack, SignalActions Actions) Own,
        (ulong AlarmNs, ulong PeriodNs, IntervalTimer[] Timers, ulong Instructions, Usage OfChildren, long LeftPeakPages) Clocks);
}
