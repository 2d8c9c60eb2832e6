using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>futex: waiting for a word of memory to be changed by somebody who says so.</summary>
/// <remarks>
/// A word is known by its address space and address, so processes that share memory by MAP_SHARED do not wake one another.
/// Source: [Linux kernel/futex/waitwake.c].
/// </remarks>
public static class FutexSyscalls
{
    private const ulong CommandMask = 0x7F;

    private enum Command : ulong
    {
        Wait = 0,
        Wake = 1,
        WaitBitset = 9,
        WakeBitset = 10,
    }

    /// <summary><c>futex</c>, WAIT and WAKE.</summary>
    /// <returns>0, or the number woken; EAGAIN when the word differs; ETIMEDOUT; EINTR; EINVAL for an unaligned word; EFAULT; ENOSYS for other commands.</returns>
    public static SyscallOutcome Futex(in SyscallCall call)
    {
        if ((call.A0 & 3) != 0)
        {
            return Errno.EINVAL;
        }

        return (Command)(call.A1 & CommandMask) switch
        {
            Command.Wait or Command.WaitBitset => Wait(call),
            Command.Wake or Command.WakeBitset => SyscallOutcome.Of((ulong)Wake(call)),
            _ => Errno.ENOSYS,
        };
    }

    private static SyscallOutcome Wait(in SyscallCall call)
    {
        UserThread thread = call.Thread;
        bool again = thread.Call?.DeadlineNs is not null;
        if (again && thread.FutexWord.Raw == 0)
        {
            return Errno.None;
        }

        ulong span = VirtualClock.Never;
        if (call.A3 != 0 && !TimeSyscalls.TryReadTime(call, call.A3, out span, out Errno errno))
        {
            return errno;
        }

        bool absolute = (Command)(call.A1 & CommandMask) == Command.WaitBitset && call.A3 != 0;
        ulong now = call.System.Clock.NowNs;
        ulong deadline = call.DeadlineAfter(absolute ? span - Math.Min(span, now) : span);
        if (again && now >= deadline)
        {
            thread.FutexWord = default;
            return Errno.ETIMEDOUT;
        }

        if (!call.Guest.TryReadUInt32(call.A0, out uint value))
        {
            return Errno.EFAULT;
        }

        if (!again && value != (uint)call.A2)
        {
            return Errno.EAGAIN;
        }

        thread.FutexWord = new VirtAddr(call.A0);
        return SyscallOutcome.Until(new WaitFor(() => thread.FutexWord.Raw == 0, deadline, Interruption.RestartsIfAsked, $"the futex at {thread.FutexWord}"));
    }

    private static int Wake(in SyscallCall call)
    {
        int woken = 0;
        foreach (Process process in call.System.Processes.All)
        {
            foreach (UserThread thread in process.Threads)
            {
                bool waits = thread.FutexWord.Raw == call.A0 && call.A0 != 0 && process.Memory?.Space == call.Space;
                if (waits && woken < (int)call.A2)
                {
                    thread.FutexWord = default;
                    woken++;
                }
            }
        }

        return woken;
    }
}
