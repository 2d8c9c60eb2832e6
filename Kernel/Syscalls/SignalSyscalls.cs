using System.Buffers.Binary;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Delivery;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Signals: actions, masks, sending, waiting, and the return from handlers.</summary>
/// <remarks>Source: [Linux kernel/signal.c].</remarks>
internal static class SignalSyscalls
{
    private const ulong SetBytes = 8;
    private const int ActionBytes = 32;

    private enum How : ulong
    {
        Block = 0,
        Unblock = 1,
        Set = 2,
    }

    /// <summary><c>rt_sigaction</c>.</summary>
    /// <returns>0; EINVAL for a bad signal, SIGKILL or SIGSTOP, or a set of another size; EFAULT.</returns>
    public static SyscallOutcome Action(in SyscallCall call)
    {
        Signal signal = (Signal)(int)call.A0;
        ErrnoCause wrong = call switch
        {
            { A3: not SetBytes } => ErrnoCause.SetSizeWrong,
            _ when (int)signal is < 1 or > 64 => ErrnoCause.SignalUnknown,
            _ when call.A1 != 0 && SignalSet.Unblockable.Has(signal) => ErrnoCause.SignalFixed,
            _ => ErrnoCause.None,
        };
        if (wrong != ErrnoCause.None)
        {
            return new Refusal(Errno.EINVAL, wrong);
        }

        Span<byte> bytes = stackalloc byte[ActionBytes];
        SignalActions actions = call.Process.Actions;
        SignalAction old = actions[signal];
        if (call.A1 != 0)
        {
            if (!call.Guest.TryRead(call.A1, bytes))
            {
                return Errno.EFAULT;
            }

            actions[signal] = new SignalAction(
                new VirtAddr(U64(bytes, 0)), (ActionFlags)U64(bytes, 8), new VirtAddr(U64(bytes, 16)), new SignalSet(U64(bytes, 24)) - SignalSet.Unblockable);
            ForgetIgnored(call.Process, signal);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(bytes, old.Handler.Raw);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], (ulong)old.Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], old.Restorer.Raw);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], old.Mask.Bits);
        return call.A2 == 0 || call.Guest.TryWrite(call.A2, bytes) ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>rt_sigprocmask</c>.</summary>
    /// <returns>0; EINVAL for an unknown way or a set of another size; EFAULT.</returns>
    public static SyscallOutcome ProcMask(in SyscallCall call)
    {
        if (call.A3 != SetBytes || (call.A1 != 0 && call.A0 > (ulong)How.Set))
        {
            return new Refusal(Errno.EINVAL, call.A3 != SetBytes ? ErrnoCause.SetSizeWrong : ErrnoCause.CommandUnknown);
        }

        SignalSet old = call.Thread.Blocked;
        if (call.A1 != 0)
        {
            if (!call.Guest.TryReadUInt64(call.A1, out ulong bits))
            {
                return Errno.EFAULT;
            }

            SignalSet given = new(bits);
            SignalSet next = (How)call.A0 switch
            {
                How.Block => old | given,
                How.Unblock => old - given,
                How.Set => given,
            };
            call.Thread.Blocked = next - SignalSet.Unblockable;
        }

        return call.A2 == 0 || call.Guest.TryWriteUInt64(call.A2, old.Bits) ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>rt_sigpending</c>.</summary>
    /// <returns>0; EINVAL for a set of another size; EFAULT.</returns>
    public static SyscallOutcome Pending(in SyscallCall call)
    {
        if (call.A1 > SetBytes)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.SetSizeWrong);
        }

        SignalSet waiting = (call.Thread.Pending.Set | call.Process.Pending.Set) & call.Thread.Blocked;
        return call.Guest.TryWriteUInt64(call.A0, waiting.Bits) ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>rt_sigsuspend</c>.</summary>
    /// <returns>EINTR, after a handler has run; EINVAL; EFAULT.</returns>
    public static SyscallOutcome Suspend(in SyscallCall call)
    {
        if (call.A1 != SetBytes)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.SetSizeWrong);
        }

        if (!call.Guest.TryReadUInt64(call.A0, out ulong bits))
        {
            return Errno.EFAULT;
        }

        call.Thread.SavedMask ??= call.Thread.Blocked;
        call.Thread.Blocked = new SignalSet(bits) - SignalSet.Unblockable;
        return SyscallOutcome.Until(new WaitFor(new HandlerWait(), VirtualClock.Never, Interruption.Fails));
    }

    /// <summary><c>pause</c>.</summary>
    /// <returns>EINTR, after a handler has run.</returns>
    public static SyscallOutcome Pause(in SyscallCall call) =>
        SyscallOutcome.Until(new WaitFor(new HandlerWait(), VirtualClock.Never, Interruption.Fails));

    /// <summary><c>rt_sigtimedwait</c>.</summary>
    /// <returns>The signal; EAGAIN when the time is over; EINTR; EINVAL; EFAULT.</returns>
    public static SyscallOutcome TimedWait(in SyscallCall call)
    {
        if (call.A3 != SetBytes)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.SetSizeWrong);
        }

        if (!call.Guest.TryReadUInt64(call.A0, out ulong bits))
        {
            return Errno.EFAULT;
        }

        ulong span = VirtualClock.Never;
        if (call.A2 != 0 && !TimeSyscalls.TryReadTime(call, call.A2, out span, out Refusal refusal))
        {
            return refusal;
        }

        SignalSet wanted = new SignalSet(bits) - SignalSet.Unblockable;
        (UserThread thread, Process process) = (call.Thread, call.Process);
        if (thread.Pending.TryTake(wanted, out SigInfo info) || process.Pending.TryTake(wanted, out info))
        {
            byte[] bytes = new byte[SigInfoLayout.Bytes];
            SigInfoLayout.Write(info, bytes);
            return call.A1 == 0 || call.Guest.TryWrite(call.A1, bytes) ? SyscallOutcome.Of((ulong)info.Signal) : Errno.EFAULT;
        }

        ulong deadline = call.DeadlineAfter(span);
        return call.System.Clock.NowNs >= deadline
            ? new Refusal(Errno.EAGAIN, ErrnoCause.TimeOver)
            : SyscallOutcome.Until(new WaitFor(new SignalWait(wanted), deadline, Interruption.Fails));
    }

    /// <summary><c>rt_sigreturn</c>: back to where the signal came; no frame there is SIGSEGV.</summary>
    /// <returns>What RAX held.</returns>
    public static SyscallOutcome Return(in SyscallCall call)
    {
        if (!SignalFrame.TryPop(call.System, call.Thread))
        {
            if (call.Guest.Held.Again is { } wait)
            {
                return SyscallOutcome.Until(wait);
            }

            SignalSend.ForceSegv(call.Thread, Signal.None);
        }

        return SyscallOutcome.KeepsRegisters;
    }

    /// <summary><c>sigaltstack</c>.</summary>
    /// <returns>0; EPERM while running on it; ENOMEM when too small; EINVAL for unknown flags; EFAULT.</returns>
    public static SyscallOutcome AlternateStack(in SyscallCall call)
    {
        ulong stackPointer = call.System.Core.Vcpu[Gpr.Rsp];
        AltStack old = call.Thread.AltStack;
        Span<byte> bytes = stackalloc byte[24];
        if (call.A0 != 0)
        {
            if (!call.Guest.TryRead(call.A0, bytes))
            {
                return Errno.EFAULT;
            }

            int flags = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
            AltStack next = new(new VirtAddr(U64(bytes, 0)), U64(bytes, 16), flags);
            Refusal refusal = old.IsInUse(stackPointer) ? new Refusal(Errno.EPERM, ErrnoCause.StackInUse) : AltStackRules.Judge(next);
            if (refusal != Refusal.None)
            {
                return refusal;
            }

            call.Thread.AltStack = AltStackRules.Settle(next);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(bytes, old.Start.Raw);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], (uint)(old.ModeAt(stackPointer) | (old.Flags & AltStack.AutoDisarm)));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], old.SizeBytes);
        return call.A1 == 0 || call.Guest.TryWrite(call.A1, bytes) ? Errno.None : Errno.EFAULT;
    }

    private static void ForgetIgnored(Process process, Signal signal)
    {
        if (!process.Actions.Ignores(signal))
        {
            return;
        }

        process.Pending.Discard(SignalSet.Of(signal));
        foreach (UserThread thread in process.Threads)
        {
            thread.Pending.Discard(SignalSet.Of(signal));
        }
    }

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
