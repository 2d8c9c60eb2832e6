using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.UserCopy;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Delivery;

/// <summary>Acts on pending signals before the running thread goes on in user code.</summary>
/// <remarks>Source: [Linux arch/x86/kernel/signal.c, arch_do_signal_or_restart, handle_signal; kernel/signal.c, get_signal].</remarks>
internal static class SignalDelivery
{
    /// <summary>Delivers until nothing is pending that is not blocked, or the thread cannot go on.</summary>
    /// <returns>The status with which the caller has to end the process, when a signal was fatal; null otherwise.</returns>
    public static WaitStatus? Run(TaskSystem system, UserThread thread)
    {
        while (MayTake(thread) && TryTake(thread, out SigInfo info))
        {
            if (Act(system, thread, info) is { } fatal)
            {
                return fatal;
            }
        }

        // A mask that only a handler was to restore goes back when none ran.
        if (thread.SavedMask is { } mask && thread.Call is null && thread.State == RunState.Runnable)
        {
            (thread.Blocked, thread.SavedMask) = (mask, null);
        }

        return null;
    }

    /// <summary>A wait that handlers do not interrupt ends before they run, except by SIGKILL.</summary>
    private static bool MayTake(UserThread thread) =>
        thread.State != RunState.Dead
        && thread.Process.State == ProcessState.Alive
        && (thread.Wait is not { Interruption: Interruption.Never } || thread.Process.Pending.Set.Has(Signal.SIGKILL));

    private static bool TryTake(UserThread thread, out SigInfo info)
    {
        SignalSet wanted = new SignalSet(ulong.MaxValue) - thread.Blocked;
        PendingSignals process = thread.Process.Pending;
        bool killed = (thread.Pending.Set | process.Set).Has(Signal.SIGKILL);
        wanted = killed ? SignalSet.Of(Signal.SIGKILL) : wanted;
        return thread.Pending.TryTake(wanted, out info) || process.TryTake(killed ? wanted : thread.Process.SharedFor(thread), out info);
    }

    private static WaitStatus? Act(TaskSystem system, UserThread thread, in SigInfo info)
    {
        SignalAction action = thread.Process.Actions[info.Signal];
        if (action.HasHandler)
        {
            Tell(system, thread, info, new(SignalFate.Handled, action.Handler));
            Handle(system, thread, info, action);
            return null;
        }

        if (action.Handler.Raw == SignalAction.Ignore)
        {
            Tell(system, thread, info, new(SignalFate.Ignored, default));
            return null;
        }

        switch (SignalActions.DefaultOf(info.Signal))
        {
            case DefaultAction.Ignore:
                Tell(system, thread, info, new(SignalFate.Ignored, default));
                break;
            case DefaultAction.Continue:
                Tell(system, thread, info, new(SignalFate.Continued, default));
                break;
            case DefaultAction.Stop:
                Tell(system, thread, info, new(SignalFate.Stopped, default));
                SignalSend.Stop(thread.Process, info.Signal);
                break;
            case DefaultAction.Terminate:
            case DefaultAction.Core:
                Tell(system, thread, info, new(SignalFate.Fatal, default));
                return WaitStatus.Killed(info.Signal);
        }

        return null;
    }

    private static void Handle(TaskSystem system, UserThread thread, in SigInfo info, in SignalAction action)
    {
        LeaveWait(system, thread, action);
        HeldCopies? held = system.Memory.FaultGate is null ? null : system.Guest.Held;
        held?.Begin(null);
        if (!SignalFrame.TryPush(system, thread, info, action, out SignalDetail? lost))
        {
            if (held?.Again is { } wait)
            {
                // The stack is held back: the signal is delivered when it is let go.
                _ = thread.Pending.Add(info);
                thread.Sleep(wait);
                return;
            }

            thread.Forced = lost;
            SignalSend.ForceSegv(thread, info.Signal);
            return;
        }

        system.SignalsHandled++;
        system.Memory.Cost?.Charge(KernelPath.SignalDelivery, 1);
        thread.SavedMask = null;
        thread.Blocked |= action.Mask | (action.Has(ActionFlags.NoDefer) ? default : SignalSet.Of(info.Signal));
        thread.Blocked -= SignalSet.Unblockable;
        if (action.Has(ActionFlags.ResetHandler))
        {
            thread.Process.Actions[info.Signal] = action with { Handler = new VirtAddr(SignalAction.Default) };
        }
    }

    /// <summary>Ends the wait, so that the frame holds what the program finds after the handler: a call's result, or an instruction to try again.</summary>
    private static void LeaveWait(TaskSystem system, UserThread thread, in SignalAction action)
    {
        if (thread.Call is { } call)
        {
            InterruptedCall.Leave(system, thread, call, action);
        }
        else if (thread.State == RunState.Waiting)
        {
            (thread.Wait, thread.State) = (null, RunState.Runnable);
        }
    }

    private static void Tell(TaskSystem system, UserThread thread, in SigInfo info, Outcome outcome)
    {
        SignalDetail? forced = info.Pid == 0 && thread.Forced?.Info.Signal == info.Signal ? thread.Forced : null;
        thread.Forced = forced is null ? thread.Forced : null;
        SignalNote note = new(info, outcome.Fate, new VirtAddr(system.Core.Vcpu.Rip), outcome.Handler)
        {
            Forced = forced,
            Sender = forced is null ? SenderOf(system, info) : null,
        };
        system.Witness.Signalled(system.Trace.Now, note);
        if (system.Trace.For(KernelEvent.Signal) is { } trace)
        {
            trace.Take(new TraceEvent(KernelEvent.Signal) { Address = info.Address, Detail = note.ToDetail() });
        }

        if (note is { Fate: SignalFate.Handled, Info: { Signal: Signal.SIGBUS, Code: SigCode.BusAdrErr } } && system.Trace.For(KernelEvent.BusTaken) is { } listened)
        {
            listened.Take(new TraceEvent(KernelEvent.BusTaken) { Address = info.Address, Number = (ulong)system.Witness.Fault.Kind });
        }

        system.Trace.Retune();
    }

    private static TaskName? SenderOf(TaskSystem system, in SigInfo info) =>
        info.Pid != 0 && info.Code is SigCode.User or SigCode.TKill or SigCode.Queue ? system.Processes.Find(info.Pid)?.Title : null;

    /// <summary>What becomes of a signal.</summary>
    private readonly record struct Outcome(SignalFate Fate, VirtAddr Handler);
}
