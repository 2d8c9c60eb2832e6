using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Delivery;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Signals sent from one process to another.</summary>
/// <remarks>Source: [Linux kernel/signal.c, kill_something_info, do_tkill, do_rt_sigqueueinfo, do_rt_tgsigqueueinfo].</remarks>
internal static class SendSyscalls
{
    /// <summary><c>kill</c>.</summary>
    /// <returns>0; ESRCH; EINVAL for a bad signal.</returns>
    public static SyscallOutcome Kill(in SyscallCall call)
    {
        (int target, Signal signal) = ((int)call.A0, (Signal)(int)call.A1);
        if ((int)signal is < 0 or > 64)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.SignalUnknown);
        }

        bool found = false;
        foreach (Process process in call.System.Processes.All)
        {
            bool chosen = target switch
            {
                > 0 => process.Pid == target,
                0 => process.Group == call.Process.Group,
                -1 => process != call.Process,
                _ => process.Group == -target,
            };
            if (chosen)
            {
                found = true;
                Send(process, null, new SigInfo(signal, SigCode.User, default) { Pid = call.Process.Pid });
            }
        }

        return found ? Errno.None : Errno.ESRCH;
    }

    /// <summary><c>tkill</c>.</summary>
    /// <returns>0; ESRCH; EINVAL for a bad signal or id.</returns>
    public static SyscallOutcome TKill(in SyscallCall call) => ToThread(call, 0, (int)call.A0, (int)call.A1);

    /// <summary><c>tgkill</c>.</summary>
    /// <returns>0; ESRCH; EINVAL for a bad signal or id.</returns>
    public static SyscallOutcome TgKill(in SyscallCall call) =>
        (int)call.A0 <= 0 ? new Refusal(Errno.EINVAL, ErrnoCause.NotPositive) : ToThread(call, (int)call.A0, (int)call.A1, (int)call.A2);

    /// <summary><c>rt_sigqueueinfo</c>.</summary>
    /// <returns>0; EPERM for a code that only the kernel may send to others; ESRCH; EINVAL; EFAULT.</returns>
    public static SyscallOutcome QueueInfo(in SyscallCall call)
    {
        Span<byte> bytes = stackalloc byte[SigInfoLayout.Bytes];
        if (!call.Guest.TryRead(call.A2, bytes))
        {
            return Errno.EFAULT;
        }

        SigInfo info = SigInfoLayout.Read((Signal)(int)call.A1, bytes);
        if ((int)info.Signal is < 0 or > 64)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.SignalUnknown);
        }

        if (call.System.Processes.Find((int)call.A0) is not { } process)
        {
            return Errno.ESRCH;
        }

        if ((info.Code >= 0 || info.Code == SigCode.TKill) && process != call.Process)
        {
            return new Refusal(Errno.EPERM, ErrnoCause.CodeReserved);
        }

        Send(process, null, info);
        return Errno.None;
    }

    /// <summary><c>rt_tgsigqueueinfo</c>.</summary>
    /// <returns>0; EPERM for a code that only the kernel may send to others; ESRCH; EINVAL; EFAULT.</returns>
    public static SyscallOutcome QueueThreadInfo(in SyscallCall call)
    {
        Span<byte> bytes = stackalloc byte[SigInfoLayout.Bytes];
        if (!call.Guest.TryRead(call.A3, bytes))
        {
            return Errno.EFAULT;
        }

        (int group, int tid) = ((int)call.A0, (int)call.A1);
        SigInfo info = SigInfoLayout.Read((Signal)(int)call.A2, bytes);
        if (group <= 0 || tid <= 0 || (int)info.Signal is < 0 or > 64)
        {
            return new Refusal(Errno.EINVAL, group <= 0 || tid <= 0 ? ErrnoCause.NotPositive : ErrnoCause.SignalUnknown);
        }

        if ((info.Code >= 0 || info.Code == SigCode.TKill) && group != call.Process.Pid)
        {
            return new Refusal(Errno.EPERM, ErrnoCause.CodeReserved);
        }

        if (call.System.Processes.FindThread(tid) is not { } thread || thread.Process.Pid != group)
        {
            return Errno.ESRCH;
        }

        Send(thread.Process, thread, info);
        return Errno.None;
    }

    private static SyscallOutcome ToThread(in SyscallCall call, int group, int tid, int signal)
    {
        if (tid <= 0 || signal is < 0 or > 64)
        {
            return new Refusal(Errno.EINVAL, tid <= 0 ? ErrnoCause.NotPositive : ErrnoCause.SignalUnknown);
        }

        if (call.System.Processes.FindThread(tid) is not { } thread || (group != 0 && thread.Process.Pid != group))
        {
            return Errno.ESRCH;
        }

        Send(thread.Process, thread, new SigInfo((Signal)signal, SigCode.TKill, default) { Pid = call.Process.Pid });
        return Errno.None;
    }

    private static void Send(Process process, UserThread? thread, in SigInfo info)
    {
        if (info.Signal == Signal.None)
        {
            return;
        }

        if (thread is null)
        {
            SignalSend.ToProcess(process, info);
        }
        else
        {
            SignalSend.ToThread(thread, info);
        }
    }
}
