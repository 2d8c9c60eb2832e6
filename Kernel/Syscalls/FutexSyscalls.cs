using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>futex: waiting for a word of memory to be changed by somebody who says so.</summary>
/// <remarks>Source: [Linux kernel/futex/syscalls.c, do_futex; waitwake.c; requeue.c].</remarks>
internal static class FutexSyscalls
{
    private const ulong CommandMask = 0x7F;
    private const ulong PrivateFlag = 0x80;
    private const ulong RealtimeFlag = 0x100;

    private enum Command : ulong
    {
        Wait = 0,
        Wake = 1,
        Requeue = 3,
        CompareRequeue = 4,
        WakeOp = 5,
        LockPi = 6,
        UnlockPi = 7,
        TryLockPi = 8,
        WaitBitset = 9,
        WakeBitset = 10,
        LockPi2 = 13,
    }

    /// <summary><c>futex</c>.</summary>
    /// <returns>
    /// 0, or the number woken or moved; EAGAIN when the word differs; ETIMEDOUT; EINTR; EINVAL for an unaligned word, a bad
    /// time, an empty set of bits or a negative count; EFAULT; of locks EDEADLK, EPERM and ESRCH too; ENOSYS for other commands.
    /// </returns>
    public static SyscallOutcome Futex(in SyscallCall call)
    {
        Command command = (Command)(call.A1 & CommandMask);
        if ((call.A1 & RealtimeFlag) != 0 && command is not (Command.WaitBitset or Command.LockPi2))
        {
            return new Refusal(Errno.ENOSYS, ErrnoCause.ClockFixed);
        }

        return command switch
        {
            Command.Wait => Wait(call, FutexTable.AnyBits),
            Command.WaitBitset => Wait(call, (uint)call.A5),
            Command.Wake => Wake(call, FutexTable.AnyBits),
            Command.WakeBitset => Wake(call, (uint)call.A5),
            Command.Requeue or Command.CompareRequeue => Requeue(call),
            Command.WakeOp => WakeOp(call),
            Command.LockPi or Command.LockPi2 => FutexLocks.Lock(call),
            Command.TryLockPi => FutexLocks.TryLock(call),
            Command.UnlockPi => FutexLocks.Unlock(call),
            _ => new Refusal(Errno.ENOSYS, ErrnoCause.CommandUnknown),
        };
    }

    /// <summary>The key of a futex argument: EINVAL when unaligned, EFAULT outside user space or, for shared words, unreachable.</summary>
    internal static Result<FutexKey> KeyOf(in SyscallCall call, ulong address)
    {
        FutexSharing sharing = (call.A1 & PrivateFlag) != 0 ? FutexSharing.Private : FutexSharing.Shared;
        if ((address & 3) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.WordUnaligned);
        }

        bool reachable = address < VirtRange.TaskSize && (sharing == FutexSharing.Private || call.Guest.TryReadUInt32(address, out _));
        return reachable ? FutexKey.Of(call.Space, new VirtAddr(address), sharing) : Errno.EFAULT;
    }

    /// <summary>True for a time on the realtime clock.</summary>
    internal static bool IsRealtime(in SyscallCall call) =>
        (call.A1 & RealtimeFlag) != 0 || (Command)(call.A1 & CommandMask) == Command.LockPi;

    /// <summary>Reads the timeout argument as a deadline on the monotonic clock: EFAULT, EINVAL.</summary>
    internal static Refusal ReadDeadline(in SyscallCall call, out ulong deadline)
    {
        deadline = VirtualClock.Never;
        if (call.A3 == 0)
        {
            return Refusal.None;
        }

        if (!TimeSyscalls.TryReadTime(call, call.A3, out ulong time, out Refusal refusal))
        {
            return refusal;
        }

        bool relative = (Command)(call.A1 & CommandMask) == Command.Wait;
        ulong origin = IsRealtime(call) ? VirtualClock.EpochNs : 0;
        deadline = relative ? call.DeadlineAfter(time) : time - Math.Min(time, origin);
        return Refusal.None;
    }

    private static SyscallOutcome Wait(in SyscallCall call, uint bits)
    {
        UserThread thread = call.Thread;
        if (thread.Futex is { } waiting)
        {
            return WaitAgain(call, waiting);
        }

        if (bits == 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.BitsEmpty);
        }

        Refusal refusal = ReadDeadline(call, out ulong deadline);
        if (refusal != Refusal.None || !KeyOf(call, call.A0).Has(out FutexKey key, out refusal))
        {
            return refusal;
        }

        if (!call.Guest.TryReadUInt32(call.A0, out uint value))
        {
            return Errno.EFAULT;
        }

        if (value != (uint)call.A2)
        {
            return new Refusal(Errno.EAGAIN, ErrnoCause.WordDiffers);
        }

        call.System.Futexes.Add(new FutexWaiter(thread, key, bits));
        Interruption interruption = call.A3 == 0 ? Interruption.RestartsIfAsked : Interruption.Fails;
        return SyscallOutcome.Until(new WaitFor(new FutexWait(new VirtAddr(call.A0)), deadline, interruption));
    }

    private static SyscallOutcome WaitAgain(in SyscallCall call, FutexWaiter waiter)
    {
        if (waiter.Woken || call.System.Clock.NowNs >= call.Thread.Wait!.DeadlineNs)
        {
            call.System.Futexes.Remove(call.Thread);
            return waiter.Woken ? Errno.None : Errno.ETIMEDOUT;
        }

        return SyscallOutcome.Until(call.Thread.Wait);
    }

    private static SyscallOutcome Wake(in SyscallCall call, uint bits)
    {
        if (bits == 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.BitsEmpty);
        }

        if (!KeyOf(call, call.A0).Has(out FutexKey key, out Refusal refusal))
        {
            return refusal;
        }

        return HasLockWaiters(call, key)
            ? new Refusal(Errno.EINVAL, ErrnoCause.WordIsLock)
            : SyscallOutcome.Of((ulong)call.System.Futexes.Wake(key, (int)call.A2, bits));
    }

    private static SyscallOutcome Requeue(in SyscallCall call)
    {
        (int wakes, int moves) = ((int)call.A2, (int)call.A3);
        if (wakes < 0 || moves < 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.CountNegative);
        }

        if (!KeyOf(call, call.A0).Has(out FutexKey from, out Refusal refusal) || !KeyOf(call, call.A4).Has(out FutexKey to, out refusal))
        {
            return refusal;
        }

        if ((Command)(call.A1 & CommandMask) == Command.CompareRequeue)
        {
            if (!call.Guest.TryReadUInt32(call.A0, out uint value))
            {
                return Errno.EFAULT;
            }

            if (value != (uint)call.A5)
            {
                return new Refusal(Errno.EAGAIN, ErrnoCause.WordDiffers);
            }
        }

        return HasLockWaiters(call, from)
            ? new Refusal(Errno.EINVAL, ErrnoCause.WordIsLock)
            : SyscallOutcome.Of((ulong)call.System.Futexes.Requeue(from, to, wakes, moves));
    }

    private static SyscallOutcome WakeOp(in SyscallCall call)
    {
        if (!KeyOf(call, call.A0).Has(out FutexKey first, out Refusal refusal) || !KeyOf(call, call.A4).Has(out FutexKey second, out refusal))
        {
            return refusal;
        }

        FutexOperation operation = new((uint)call.A5);
        if (!operation.KnowsOperation || !operation.KnowsComparison)
        {
            return new Refusal(Errno.ENOSYS, operation.KnowsOperation ? ErrnoCause.ComparisonUnknown : ErrnoCause.OperationUnknown);
        }

        if (!call.Guest.TryReadUInt32(call.A4, out uint old) || !call.Guest.TryUpdateUInt32(call.A4, operation.Apply(old)))
        {
            return Errno.EFAULT;
        }

        int woken = call.System.Futexes.Wake(first, (int)call.A2, FutexTable.AnyBits);
        woken += operation.Holds(old) ? call.System.Futexes.Wake(second, (int)call.A3, FutexTable.AnyBits) : 0;
        return SyscallOutcome.Of((ulong)woken);
    }

    /// <summary>Waiters of a PI lock cannot be woken by other commands.</summary>
    private static bool HasLockWaiters(in SyscallCall call, FutexKey key) => call.System.Futexes.Of(key) is [{ Owner: not null }, ..];
}
