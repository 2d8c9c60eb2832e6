using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Delivery;

/// <summary>Sends signals: to a process, to a thread, or by force.</summary>
/// <remarks>Source: [Linux kernel/signal.c, prepare_signal, send_signal_locked, force_sig_info_to_task].</remarks>
internal static class SignalSend
{
    /// <summary>CLD_STOPPED.</summary>
    private const int StoppedCode = 5;

    private static readonly SignalSet Stops =
        SignalSet.Of(Signal.SIGSTOP) | SignalSet.Of(Signal.SIGTSTP) | SignalSet.Of(Signal.SIGTTIN) | SignalSet.Of(Signal.SIGTTOU);

    /// <summary>Sends to the process as a whole.</summary>
    public static void ToProcess(Process process, in SigInfo info) => Send(process, info, process.Pending, AllBlocked(process));

    /// <summary>Sends to one thread.</summary>
    public static void ToThread(UserThread thread, in SigInfo info) => Send(thread.Process, info, thread.Pending, thread.Blocked);

    /// <summary>Sends a signal that an instruction raised: if it is blocked or ignored, it kills.</summary>
    public static void Force(UserThread thread, in SigInfo info)
    {
        SignalActions actions = thread.Process.Actions;
        if (thread.Blocked.Has(info.Signal) || actions[info.Signal].Handler.Raw == SignalAction.Ignore)
        {
            actions[info.Signal] = default;
            thread.Blocked -= SignalSet.Of(info.Signal);
            thread.Forced = (thread.Forced ?? new SignalDetail(info, SignalFate.Fatal, default, default)) with { Barred = true };
        }

        _ = thread.Pending.Add(info);
    }

    /// <summary>Kills for want of a place for a signal frame: the action for SIGSEGV is reset when it was SIGSEGV's own frame.</summary>
    /// <remarks>Source: [Linux kernel/signal.c, force_sigsegv].</remarks>
    public static void ForceSegv(UserThread thread, Signal failed)
    {
        if (failed == Signal.SIGSEGV)
        {
            thread.Process.Actions[Signal.SIGSEGV] = default;
        }

        Force(thread, new SigInfo(Signal.SIGSEGV, SigCode.Kernel, default(VirtAddr)));
    }

    /// <summary>Stops a process until SIGCONT, and tells its parent.</summary>
    public static void Stop(Process process, Signal signal)
    {
        (process.State, process.Status, process.StatusIsNews) = (ProcessState.Stopped, WaitStatus.StoppedBy(signal), true);
        if (process.Parent is { } parent && !parent.Actions[Signal.SIGCHLD].Has(ActionFlags.NoChildStop))
        {
            ToProcess(parent, new SigInfo(Signal.SIGCHLD, StoppedCode, default) { Pid = process.Pid, Value = (int)signal });
        }
    }

    private static SignalSet AllBlocked(Process process)
    {
        SignalSet blocked = new(ulong.MaxValue);
        foreach (UserThread thread in process.Threads)
        {
            blocked = thread.State == RunState.Dead ? blocked : blocked & thread.Blocked;
        }

        return blocked;
    }

    private static void Send(Process process, in SigInfo info, PendingSignals pending, SignalSet blocked)
    {
        if (process.State is ProcessState.Zombie or ProcessState.Reaped)
        {
            return;
        }

        if (info.Signal is Signal.SIGCONT or Signal.SIGKILL)
        {
            Continue(process, info.Signal);
        }
        else if (Stops.Has(info.Signal))
        {
            Discard(process, SignalSet.Of(Signal.SIGCONT));
        }

        if (blocked.Has(info.Signal) || !process.Actions.Ignores(info.Signal))
        {
            _ = pending.Add(info);
        }
    }

    private static void Continue(Process process, Signal cause)
    {
        Discard(process, Stops);
        if (process.State == ProcessState.Stopped)
        {
            process.State = ProcessState.Alive;
            (process.Status, process.StatusIsNews) = (WaitStatus.Continued, cause == Signal.SIGCONT);
        }
    }

    private static void Discard(Process process, SignalSet signals)
    {
        process.Pending.Discard(signals);
        foreach (UserThread thread in process.Threads)
        {
            thread.Pending.Discard(signals);
        }
    }
}
