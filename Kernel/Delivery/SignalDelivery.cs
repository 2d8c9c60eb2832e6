using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Delivery;

/// <summary>Acts on pending signals before the running thread goes on in user code.</summary>
/// <remarks>Source: [Linux arch/x86/kernel/signal.c, arch_do_signal_or_restart, handle_signal; kernel/signal.c, get_signal].</remarks>
public static class SignalDelivery
{
    private const int Eintr = (int)Errno.EINTR;
    private const int SyscallBytes = 2;

    /// <summary>Delivers until nothing is pending that is not blocked, or the thread cannot go on.</summary>
    /// <returns>The status with which the caller has to end the process, when a signal was fatal; null otherwise.</returns>
    public static WaitStatus? Run(TaskSystem system, UserThread thread)
    {
        while (thread.State != RunState.Dead && thread.Process.State == ProcessState.Alive && TryTake(thread, out SigInfo info))
        {
            if (Act(system, thread, info) is { } fatal)
            {
                return fatal;
            }
        }

        // A mask that only a handler was to restore goes back when none ran.
        if (thread.SavedMask is { } mask && thread.Call is null && thread.State != RunState.Dead)
        {
            (thread.Blocked, thread.SavedMask) = (mask, null);
        }

        return null;
    }

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
            Tell(system, info, SignalFate.Handled, action.Handler);
            Handle(system, thread, info, action);
            return null;
        }

        if (action.Handler.Raw == SignalAction.Ignore)
        {
            Tell(system, info, SignalFate.Ignored, default);
            return null;
        }

        switch (SignalActions.DefaultOf(info.Signal))
        {
            case DefaultAction.Ignore:
                Tell(system, info, SignalFate.Ignored, default);
                break;
            case DefaultAction.Continue:
                Tell(system, info, SignalFate.Continued, default);
                break;
            case DefaultAction.Stop:
                Tell(system, info, SignalFate.Stopped, default);
                SignalSend.Stop(thread.Process, info.Signal);
                break;
            case DefaultAction.Terminate:
            case DefaultAction.Core:
                Tell(system, info, SignalFate.Fatal, default);
                return WaitStatus.Killed(info.Signal);
        }

        return null;
    }

    private static void Handle(TaskSystem system, UserThread thread, in SigInfo info, in SignalAction action)
    {
        LeaveCall(system, thread, action);
        if (!SignalFrame.TryPush(system, thread, info, action))
        {
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
            thread.Process.Actions[info.Signal] = default;
        }
    }

    /// <summary>Ends the system call that waits, so that the frame holds what the program finds after the handler.</summary>
    private static void LeaveCall(TaskSystem system, UserThread thread, in SignalAction action)
    {
        if (thread.Call is not { } call)
        {
            return;
        }

        thread.Wait?.OnInterrupted?.Invoke();
        Vcpu vcpu = system.Core.Vcpu;
        system.Futexes.Remove(thread);
        bool again = thread.Wait?.Interruption switch
        {
            Interruption.Restarts => true,
            Interruption.RestartsIfAsked => action.Has(ActionFlags.Restart),
            Interruption.Fails or Interruption.Never or null => false,
        };
        if (call.Done > 0)
        {
            vcpu[0] = call.Done;
        }
        else if (again)
        {
            vcpu[0] = call.Number;
            vcpu.Rip -= SyscallBytes;
        }
        else
        {
            vcpu[0] = unchecked((ulong)-(long)Eintr);
        }

        (thread.Call, thread.Wait, thread.State) = (null, null, RunState.Runnable);
    }

    private static void Tell(TaskSystem system, in SigInfo info, SignalFate fate, VirtAddr handler)
    {
        system.Trace.For(KernelEvent.Signal)?.Take(new TraceEvent(KernelEvent.Signal)
        {
            Address = info.Address,
            Detail = new SignalDetail(info, fate, new VirtAddr(system.Core.Vcpu.Rip), handler),
        });
    }
}
