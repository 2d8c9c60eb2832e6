using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.PageCopy;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.UserCopy;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Tasks;

/// <summary>What a thread does.</summary>
internal enum RunState
{
    /// <summary>It runs, or would if the processor were free.</summary>
    Runnable,

    /// <summary>A system call waits, or an access to a page that is held back.</summary>
    Waiting,

    /// <summary>It has ended.</summary>
    Dead,
}

/// <summary>The system call that a thread is in, kept until it returns.</summary>
/// <param name="Number">EAX at entry; 2^32 above it when the call came through INT 80H.</param>
/// <param name="DeadlineNs">When its waiting ends, fixed at the first try; null before.</param>
/// <param name="Done">Bytes that a write has moved before it had to wait.</param>
internal readonly record struct CallInProgress(ulong Number, ulong? DeadlineNs, ulong Done)
{
    /// <summary>What is added to EAX for a call through INT 80H.</summary>
    public const ulong CompatBase = 1UL << 32;

    /// <summary>True when it came through INT 80H.</summary>
    public bool Compat => Number >= CompatBase;

    /// <summary>The copy that it sleeps in; null for none.</summary>
    public CopyState? Copy { get; init; }

    /// <summary>Stores that held pages keep waiting; null for none.</summary>
    public KeptStores? Kept { get; init; }
}

/// <summary>Stores that a call owes its caller, and what comes after them.</summary>
/// <param name="Stores">In the order in which they are made.</param>
/// <param name="Result">What the call returns once they are made; null when it is made again.</param>
internal sealed record KeptStores(IReadOnlyList<KeptStore> Stores, SysResult? Result);

/// <summary>One flow of control: registers, signal mask, and what it waits for.</summary>
/// <param name="tid">Its id.</param>
/// <param name="process">The process it belongs to.</param>
internal sealed class UserThread(int tid, Process process) : IStateful
{
    /// <summary>Its id; equal to the process id for the first thread.</summary>
    public int Tid { get; private set; } = tid;

    /// <summary>Its short name, 15 bytes at most, as /proc/PID/task/TID/comm has it.</summary>
    public string Name { get; set; } = "";

    /// <summary>The process it belongs to.</summary>
    public Process Process { get; } = process;

    /// <summary>The processor that it runs on, or waits for.</summary>
    public int Cpu { get; set; }

    /// <summary>The processors that it may run on, one bit each.</summary>
    public ulong Affinity { get; set; } = ulong.MaxValue;

    /// <summary>Its registers while no processor holds them.</summary>
    public UserContext Registers { get; } = new();

    /// <summary>What it does.</summary>
    public RunState State { get; set; }

    /// <summary>Signals that wait until they are unblocked.</summary>
    public SignalSet Blocked { get; set; }

    /// <summary>The mask to go back to after the handler that ends sigsuspend; null otherwise.</summary>
    public SignalSet? SavedMask { get; set; }

    /// <summary>Signals sent to this thread.</summary>
    public PendingSignals Pending { get; } = new();

    /// <summary>The alternate signal stack.</summary>
    public AltStack AltStack { get; set; } = AltStack.None;

    /// <summary>Its last exception.</summary>
    public TrapRecord Trap { get; set; }

    /// <summary>What is to be told of the signal that was forced on it last; null once it is told.</summary>
    public SignalDetail? Forced { get; set; }

    /// <summary>What it waits for; null unless <see cref="RunState.Waiting"/>.</summary>
    public WaitFor? Wait { get; set; }

    /// <summary>The system call it is in; null in user code.</summary>
    public CallInProgress? Call { get; set; }

    /// <summary>The word that is cleared, and whose waiters are woken, when it ends; 0 for none.</summary>
    public VirtAddr ClearOnExit { get; set; }

    /// <summary>Its list of robust mutexes.</summary>
    public VirtAddr RobustList { get; set; }

    /// <summary>Its waiting on a futex word, until the call that began it returns; null for none.</summary>
    public FutexWaiter? Futex { get; set; }

    /// <summary>Instructions that it has retired.</summary>
    public ulong Instructions { get; set; }

    /// <summary>Its page faults.</summary>
    public FaultAccount Faults { get; } = new(process.Faults);

    /// <summary>si_addr that mmuemu_expect_fault claims for the next fault signal; null for no claim.</summary>
    public VirtAddr? ExpectedFault { get; set; }

    /// <summary>It waits from now on.</summary>
    public void Sleep(WaitFor wait) => (State, Wait) = (RunState.Waiting, wait);

    /// <summary>A signal that has to be looked at before it goes on.</summary>
    public bool HasSignal => !((Pending.Set - Blocked) | Process.SharedFor(this)).IsEmpty;

    /// <summary>The thread becomes the first one of its process, by execve.</summary>
    public void TakeId(int tid) => Tid = tid;

    /// <summary>Program and id.</summary>
    public TaskName Title => new(Name, Tid);

    /// <summary>Program and id.</summary>
    public override string ToString() => Title.ToString();

    object IStateful.Save(object? last)
    {
        UserContext registers = new();
        Copy(Registers, registers);
        return new Saved(
            registers,
            (Tid, Name, Cpu, Affinity, Instructions),
            (State, Wait, Call, Futex),
            (Blocked, SavedMask, AltStack, Trap, ExpectedFault, Forced),
            (ClearOnExit, RobustList));
    }

    void IStateful.Restore(object state)
    {
        Saved saved = (Saved)state;
        Copy(saved.Registers, Registers);
        (Tid, Name, Cpu, Affinity, Instructions) = saved.Self;
        (State, Wait, Call, Futex) = saved.Waiting;
        (Blocked, SavedMask, AltStack, Trap, ExpectedFault, Forced) = saved.Signals;
        (ClearOnExit, RobustList) = saved.AtEnd;
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(Process);
        visitor.See(Pending);
        visitor.See(Faults);
        visitor.See(Futex);
        visitor.See(Call?.Copy?.File);
        visitor.See(Call?.Copy?.Sink);
        visitor.SeeAny(Wait?.Cause switch
        {
            ReadableWait wait => wait.File,
            WritableWait wait => wait.File,
            ConnectionWait wait => wait.Socket,
            EPollWait wait => wait.List,
            FileLockWait wait => wait.Request.File,
            _ => null,
        });
    }

    private static void Copy(UserContext from, UserContext to)
    {
        from.Registers.CopyTo(to.Registers);
        from.Fx.CopyTo(to.Fx);
        from.Upper.CopyTo(to.Upper);
        (to.Rip, to.Rflags, to.FsBase, to.GsBase) = (from.Rip, from.Rflags, from.FsBase, from.GsBase);
    }

    private sealed record Saved(
        UserContext Registers,
        (int Tid, string Name, int Cpu, ulong Affinity, ulong Instructions) Self,
        (RunState State, WaitFor? Wait, CallInProgress? Call, FutexWaiter? Futex) Waiting,
        (SignalSet Blocked, SignalSet? SavedMask, AltStack AltStack, TrapRecord Trap, VirtAddr? ExpectedFault, SignalDetail? Forced) Signals,
        (VirtAddr ClearOnExit, VirtAddr RobustList) AtEnd);
}
