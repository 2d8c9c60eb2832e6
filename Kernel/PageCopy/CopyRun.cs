using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.UserCopy;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Waiting;
using MmuEmu.Kernel.Windows;

namespace MmuEmu.Kernel.PageCopy;

/// <summary>How a stage ended.</summary>
internal enum StageEnd
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>The task sleeps, and the stage goes on later.</summary>
    Sleeps,

    /// <summary>The call is over with an errno; what was moved before stays.</summary>
    Failed,

    /// <summary>A store through a window led nowhere: the task is lost.</summary>
    Oops,
}

/// <summary>A copy while its task runs: on which processor, in which space, and its state.</summary>
internal sealed class CopyRun
{
    /// <summary>What it works with.</summary>
    public required CopyBed Bed { get; init; }

    /// <summary>The thread's id.</summary>
    public required int Tid { get; init; }

    /// <summary>The processor's number.</summary>
    public required int Cpu { get; init; }

    /// <summary>Its MMU.</summary>
    public required Mmu Mmu { get; init; }

    /// <summary>The caller's memory.</summary>
    public required UserMemory Guest { get; init; }

    /// <summary>The moment on the monotonic clock.</summary>
    public required ulong NowNs { get; init; }

    /// <summary>Where the copy is.</summary>
    public required CopyState State { get; set; }

    /// <summary>The caller's space.</summary>
    public AddressSpace Space => Guest.Space!;

    /// <summary>What the task sleeps for, when a stage says so.</summary>
    public WaitFor? Wait { get; private set; }

    /// <summary>Why the call is over, when a stage says so.</summary>
    public Refusal Refusal { get; private set; }

    /// <summary>The kind of access to user memory.</summary>
    public AccessKind UserAccess => State.Direction == CopyDirection.Read ? AccessKind.Write : AccessKind.Read;

    /// <summary>The task sleeps; in an atomic state that is told.</summary>
    public StageEnd Sleep(WaitCause cause, ulong deadlineNs = ulong.MaxValue, Interruption interruption = Interruption.Never) =>
        Sleep(new WaitFor(cause, deadlineNs, interruption));

    /// <summary>The task sleeps; in an atomic state that is told.</summary>
    public StageEnd Sleep(WaitFor wait)
    {
        Wait = wait;
        if (State.IsAtomic)
        {
            Bed.Counters.Add(WindowCounter.AtomicSleeps);
            Bed.Tell(KernelEvent.AtomicSleep, new TraceEvent(KernelEvent.AtomicSleep)
            {
                Space = Space.Tag.Id,
                Address = State.User + (ulong)State.Copied,
                Number = State.Number,
            });
        }

        return StageEnd.Sleeps;
    }

    /// <summary>The call is over.</summary>
    public StageEnd Fail(Refusal refusal)
    {
        Refusal = refusal;
        return StageEnd.Failed;
    }

    /// <summary>The copy has come to a point: rules act; done, or asleep when one holds the task.</summary>
    public StageEnd Pass(CopyPoint point)
    {
        Bed.Tell(KernelEvent.CopyPassed, new TraceEvent(KernelEvent.CopyPassed)
        {
            Space = Space.Tag.Id,
            Address = State.User,
            Number = State.Number,
            Argument = (ulong)point,
            Count = (ulong)State.Copied,
        });
        CopyMoment moment = new(State.Number, point, State.Copied, State.User + (ulong)State.Copied, Space, State.Passes, !State.IsAtomic);
        return Bed.Points?.At(moment) is { } mark ? Sleep(new HoldWait(mark)) : StageEnd.Done;
    }
}
