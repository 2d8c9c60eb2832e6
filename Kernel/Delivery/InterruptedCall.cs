using System.Buffers.Binary;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Delivery;

/// <summary>Ends a system call that waits, because a handler is about to run.</summary>
/// <remarks>Source: [Linux arch/x86/kernel/signal.c, handle_signal; kernel/time/hrtimer.c, nanosleep_copyout].</remarks>
internal static class InterruptedCall
{
    private const int Eintr = (int)Errno.EINTR;
    private const int SyscallBytes = 2;
    private const ulong Second = 1_000_000_000;

    /// <summary>Does what is still to do, and puts into the registers what the program finds after the handler.</summary>
    public static void Leave(TaskSystem system, UserThread thread, in CallInProgress call, in SignalAction action)
    {
        if (thread.Wait is { Cause: SleepWait { RemainderAt.Raw: not 0 } sleep, DeadlineNs: ulong end })
        {
            TellRemainder(system, sleep, end - Math.Min(end, system.Clock.NowNs));
        }

        Vcpu vcpu = system.Core.Vcpu;
        system.Futexes.Remove(thread);
        SleepingCopy.GiveUp(system, thread);
        bool again = thread.Wait?.Interruption switch
        {
            Interruption.Restarts => true,
            Interruption.RestartsIfAsked => action.Has(ActionFlags.Restart),
            Interruption.Fails or Interruption.Never or null => false,
        };
        if (call.Done > 0)
        {
            vcpu[Gpr.Rax] = call.Done;
        }
        else if (again)
        {
            // RAX is still as it was at entry; INT 80H has cut it to 32 bits. SYSCALL and INT 80H are equally long.
            vcpu[Gpr.Rax] = call.Compat ? (uint)call.Number : vcpu[Gpr.Rax];
            vcpu.Rip -= SyscallBytes;
        }
        else
        {
            vcpu[Gpr.Rax] = unchecked((ulong)-(long)Eintr);
        }

        (thread.Call, thread.Wait, thread.State) = (null, null, RunState.Runnable);
    }

    /// <summary>The time that is left of a sleep, as a struct timespec; an address that cannot be written changes nothing.</summary>
    private static void TellRemainder(TaskSystem system, SleepWait sleep, ulong leftNs)
    {
        Span<byte> time = stackalloc byte[16];
        if (sleep.Narrow)
        {
            time = time[..8];
            BinaryPrimitives.WriteUInt32LittleEndian(time, (uint)(leftNs / Second));
            BinaryPrimitives.WriteUInt32LittleEndian(time[4..], (uint)(leftNs % Second));
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(time, leftNs / Second);
            BinaryPrimitives.WriteUInt64LittleEndian(time[8..], leftNs % Second);
        }

        _ = system.Guest.TryWrite(sleep.RemainderAt.Raw, time);
    }
}
