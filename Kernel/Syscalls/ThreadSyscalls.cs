using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Life;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>fork, clone, the end of threads, and what a thread tells the kernel about itself.</summary>
/// <remarks>Source: [Linux kernel/fork.c; kernel/exit.c; kernel/futex/syscalls.c].</remarks>
internal static class ThreadSyscalls
{
    private const ulong RobustHeadBytes = 24;
    private const int CloneBytes = 88;
    private const ulong FirstCloneBytes = 64;
    private const ulong PageBytes = 4096;

    /// <summary><c>fork</c>.</summary>
    /// <returns>The child's id, 0 in the child; EAGAIN; ENOMEM.</returns>
    public static SyscallOutcome Fork(in SyscallCall call) => Clone(call, new CloneRequest((CloneFlags)(int)Signal.SIGCHLD, 0, 0, 0, 0));

    /// <summary><c>vfork</c>: the caller waits until the child runs another program or ends.</summary>
    /// <returns>As fork.</returns>
    public static SyscallOutcome VFork(in SyscallCall call) =>
        Clone(call, new CloneRequest(CloneFlags.VFork | CloneFlags.Vm | (CloneFlags)(int)Signal.SIGCHLD, 0, 0, 0, 0));

    /// <summary><c>clone</c>.</summary>
    /// <returns>The new id, 0 in the child; EINVAL for flags that exclude one another; ENOSYS for what is not offered; EPERM; EAGAIN; ENOMEM.</returns>
    public static SyscallOutcome Clone(in SyscallCall call) =>
        Clone(call, new CloneRequest((CloneFlags)(uint)call.A0, call.A1, call.A2, call.A3, call.A4));

    /// <summary><c>clone3</c>.</summary>
    /// <returns>As clone; EINVAL for a struct that is too short or a stack without its size; E2BIG for unknown fields in use; EFAULT.</returns>
    public static SyscallOutcome Clone3(in SyscallCall call)
    {
        Refusal refusal = ReadCloneArguments(call, out ulong[] fields);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        ErrnoCause wrong = WrongIn(fields);
        (CloneFlags flags, ulong exitSignal, ulong stackTop) = ((CloneFlags)fields[0], fields[4], fields[5] + fields[6]);
        return wrong != ErrnoCause.None
            ? new Refusal(Errno.EINVAL, wrong)
            : Clone(call, new CloneRequest(flags | (CloneFlags)exitSignal, stackTop, fields[3], fields[2], fields[7]));
    }

    /// <summary><c>exit</c>: ends the thread, and with the last one the process. It does not return.</summary>
    /// <returns>Nothing.</returns>
    public static SyscallOutcome Exit(in SyscallCall call)
    {
        ThreadEnd.Exit(call.System, call.Thread, WaitStatus.Exited((int)call.A0));
        return SyscallOutcome.KeepsRegisters;
    }

    /// <summary><c>exit_group</c>: ends the process. It does not return.</summary>
    /// <returns>Nothing.</returns>
    public static SyscallOutcome ExitGroup(in SyscallCall call)
    {
        ProcessEnd.End(call.System, call.Process, WaitStatus.Exited((int)call.A0));
        return SyscallOutcome.KeepsRegisters;
    }

    /// <summary><c>gettid</c>.</summary>
    /// <returns>The thread id.</returns>
    public static SyscallOutcome GetTid(in SyscallCall call) => SyscallOutcome.Of((ulong)call.Thread.Tid);

    /// <summary><c>set_tid_address</c>.</summary>
    /// <returns>The thread id.</returns>
    public static SyscallOutcome SetTidAddress(in SyscallCall call)
    {
        call.Thread.ClearOnExit = new VirtAddr(call.A0);
        return GetTid(call);
    }

    /// <summary><c>set_robust_list</c>.</summary>
    /// <returns>0; EINVAL for a head of another size.</returns>
    public static SyscallOutcome SetRobustList(in SyscallCall call)
    {
        if (call.A1 != RobustHeadBytes)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.StructSizeWrong);
        }

        call.Thread.RobustList = new VirtAddr(call.A0);
        return Errno.None;
    }

    /// <summary><c>get_robust_list</c>.</summary>
    /// <returns>0; ESRCH for an unknown thread; EFAULT.</returns>
    public static SyscallOutcome GetRobustList(in SyscallCall call)
    {
        UserThread? thread = (int)call.A0 == 0 ? call.Thread : call.System.Processes.FindThread((int)call.A0);
        if (thread is null)
        {
            return Errno.ESRCH;
        }

        bool stored = call.Guest.TryWriteUInt64(call.A2, RobustHeadBytes) && call.Guest.TryWriteUInt64(call.A1, thread.RobustList.Raw);
        return stored ? Errno.None : Errno.EFAULT;
    }

    private static SyscallOutcome Clone(in SyscallCall call, in CloneRequest request)
    {
        // A parent held by vfork comes here again when its child lets it go.
        if (call.Done != 0)
        {
            return SyscallOutcome.Of(call.Done);
        }

        if (!Cloning.Clone(call.System, call.Thread, request).Has(out UserThread? made, out Refusal refusal))
        {
            return refusal;
        }

        Process child = made.Process;
        if (child == call.Process || !child.HoldsParent)
        {
            return SyscallOutcome.Of((ulong)made.Tid);
        }

        WaitFor freed = new(new VForkWait(child.Pid), VirtualClock.Never, Interruption.Never);
        return SyscallOutcome.Until(freed, (ulong)made.Tid);
    }

    /// <summary>Reads struct clone_args; fields that the caller does not know are zero.</summary>
    private static Refusal ReadCloneArguments(in SyscallCall call, out ulong[] fields)
    {
        fields = new ulong[CloneBytes / 8];
        if (call.A1 > PageBytes)
        {
            return Errno.E2BIG;
        }

        if (call.A1 < FirstCloneBytes)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.StructSizeWrong);
        }

        byte[] bytes = new byte[(int)call.A1];
        if (!call.Guest.TryRead(call.A0, bytes))
        {
            return Errno.EFAULT;
        }

        for (int at = 0; at < bytes.Length; at++)
        {
            if (at >= CloneBytes && bytes[at] != 0)
            {
                return Errno.E2BIG;
            }

            fields[Math.Min(at, CloneBytes - 1) / 8] |= (ulong)bytes[at] << (8 * (at & 7));
        }

        return Refusal.None;
    }

    /// <summary>The rule that the fields of struct clone_args break first.</summary>
    private static ErrnoCause WrongIn(ulong[] fields)
    {
        (CloneFlags flags, ulong exitSignal, ulong stack, ulong stackBytes) = ((CloneFlags)fields[0], fields[4], fields[5], fields[6]);
        bool childless = (flags & (CloneFlags.Thread | CloneFlags.Parent)) != 0;
        return flags switch
        {
            _ when fields[9] != 0 => ErrnoCause.NumbersNotChosen,
            _ when exitSignal > 64 => ErrnoCause.SignalUnknown,
            _ when (flags & (CloneFlags.SignalMask | CloneFlags.Detached)) != 0 || (ulong)flags >> 34 != 0 => ErrnoCause.FlagsUnknown,
            _ when childless && exitSignal != 0 => ErrnoCause.ExitSignalUnheard,
            _ when (stack == 0) != (stackBytes == 0) => ErrnoCause.StackWithoutSize,
            _ => ErrnoCause.None,
        };
    }
}
