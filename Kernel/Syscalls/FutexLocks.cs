using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Life;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>The PI commands of futex: locks whose word holds the owner's thread id. All threads here have one priority, so none is inherited.</summary>
/// <remarks>Source: [Linux kernel/futex/pi.c, futex_lock_pi, futex_unlock_pi, futex_lock_pi_atomic, fixup_pi_state_owner].</remarks>
internal static class FutexLocks
{
    /// <summary>FUTEX_LOCK_PI and FUTEX_LOCK_PI2.</summary>
    public static SyscallOutcome Lock(in SyscallCall call)
    {
        UserThread thread = call.Thread;
        if (thread.Futex is { } waiting)
        {
            return LockAgain(call, waiting);
        }

        Refusal refusal = FutexSyscalls.ReadDeadline(call, out ulong deadline);
        if (refusal != Refusal.None || !TryTake(call, out FutexKey key, out FutexWord word, out refusal))
        {
            return refusal;
        }

        if (word.Tid == thread.Tid)
        {
            return Errno.None;
        }

        UserThread? owner = call.System.Processes.FindThread(word.Tid);
        if (owner is null or { State: RunState.Dead })
        {
            return Errno.ESRCH;
        }

        if (!call.Guest.TryUpdateUInt32(call.A0, word.With(FutexWord.Waiters).Raw))
        {
            return Errno.EFAULT;
        }

        VirtAddr lockAt = new(call.A0);
        call.System.Futexes.Add(new FutexWaiter(thread, key, FutexTable.AnyBits) { Owner = owner, Word = lockAt });
        return SyscallOutcome.Until(new WaitFor(new LockWait(lockAt), deadline, Interruption.Restarts));
    }

    /// <summary>FUTEX_TRYLOCK_PI.</summary>
    public static SyscallOutcome TryLock(in SyscallCall call)
    {
        if (!TryTake(call, out _, out FutexWord word, out Refusal refusal))
        {
            return refusal;
        }

        if (word.Tid == call.Thread.Tid)
        {
            return Errno.None;
        }

        return call.System.Processes.FindThread(word.Tid) is null ? Errno.ESRCH : new Refusal(Errno.EAGAIN, ErrnoCause.LockHeld);
    }

    /// <summary>FUTEX_UNLOCK_PI: the lock goes to the first waiter.</summary>
    public static SyscallOutcome Unlock(in SyscallCall call)
    {
        if (!FutexSyscalls.KeyOf(call, call.A0).Has(out FutexKey key, out Refusal refusal))
        {
            return refusal;
        }

        if (!call.Guest.TryReadUInt32(call.A0, out uint raw))
        {
            return Errno.EFAULT;
        }

        if (new FutexWord(raw).Tid != call.Thread.Tid)
        {
            return new Refusal(Errno.EPERM, ErrnoCause.LockNotHeld);
        }

        FutexWaiter? heir = call.System.Futexes.Of(key) is [{ Owner: not null } first, ..] ? first : null;
        uint next = heir is null ? 0 : FutexWord.HeldBy(heir.Thread).With(FutexWord.Waiters).Raw;
        if (!call.Guest.TryUpdateUInt32(call.A0, next))
        {
            return Errno.EFAULT;
        }

        if (heir is not null)
        {
            FutexExit.HandOver(call.System, heir);
        }

        return Errno.None;
    }

    private static SyscallOutcome LockAgain(in SyscallCall call, FutexWaiter waiter)
    {
        if (waiter.Woken || call.System.Clock.NowNs >= call.Thread.Wait!.DeadlineNs)
        {
            call.System.Futexes.Remove(call.Thread);
            return waiter.Woken ? Errno.None : Errno.ETIMEDOUT;
        }

        return SyscallOutcome.Until(call.Thread.Wait);
    }

    /// <summary>Takes the lock if nobody holds it; the word as it is then. False for EDEADLK, EINVAL and EFAULT.</summary>
    private static bool TryTake(in SyscallCall call, out FutexKey key, out FutexWord word, out Refusal refusal)
    {
        word = default;
        if (!FutexSyscalls.KeyOf(call, call.A0).Has(out key, out refusal))
        {
            return false;
        }

        if (!call.Guest.TryReadUInt32(call.A0, out uint raw))
        {
            refusal = Errno.EFAULT;
            return false;
        }

        word = new FutexWord(raw);
        if (word.Tid == call.Thread.Tid)
        {
            refusal = Errno.EDEADLK;
            return false;
        }

        if (word.Tid != 0)
        {
            return true;
        }

        bool othersWait = call.System.Futexes.Of(key).Count > 0;
        word = FutexWord.HeldBy(call.Thread).With((raw & FutexWord.OwnerDied) | (othersWait ? FutexWord.Waiters : 0));
        bool stored = call.Guest.TryUpdateUInt32(call.A0, word.Raw);
        refusal = stored ? Refusal.None : Errno.EFAULT;
        return stored;
    }
}
