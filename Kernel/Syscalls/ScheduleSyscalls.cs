using System.Buffers.Binary;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Which processor a thread runs on, and when.</summary>
/// <remarks>Source: [Linux kernel/sched/core.c, kernel/sched/syscalls.c, kernel/sched/membarrier.c; kernel/sys.c, getcpu].</remarks>
internal static class ScheduleSyscalls
{
    private const ulong MaskBytes = 8;

    /// <summary>GLOBAL, GLOBAL_EXPEDITED, PRIVATE_EXPEDITED, PRIVATE_EXPEDITED_SYNC_CORE, and the registrations of the last three.</summary>
    private const ulong Barriers = 0x7F;

    private const ulong QueryBarriers = 0;

    /// <summary><c>sched_yield</c>.</summary>
    /// <returns>0, after the others had their turn.</returns>
    public static SyscallOutcome Yield(in SyscallCall call)
    {
        call.System.YieldAsked = true;
        return Errno.None;
    }

    /// <summary><c>sched_getaffinity</c>.</summary>
    /// <returns>Bytes stored; EINVAL for too small a mask or one that is not whole words; ESRCH; EFAULT.</returns>
    public static SyscallOutcome GetAffinity(in SyscallCall call)
    {
        if (call.A1 < MaskBytes || call.A1 % MaskBytes != 0)
        {
            return new Refusal(Errno.EINVAL, call.A1 < MaskBytes ? ErrnoCause.BufferTooSmall : ErrnoCause.NoWholeWords);
        }

        if (Named(call) is not { } thread)
        {
            return Errno.ESRCH;
        }

        ulong mask = thread.Affinity & call.System.Processors.Mask;
        return call.Guest.TryWriteUInt64(call.A2, mask) ? SyscallOutcome.Of(MaskBytes) : Errno.EFAULT;
    }

    /// <summary><c>sched_setaffinity</c>.</summary>
    /// <returns>0; EINVAL when no processor is left; ESRCH; EFAULT.</returns>
    public static SyscallOutcome SetAffinity(in SyscallCall call)
    {
        Span<byte> bytes = stackalloc byte[(int)MaskBytes];
        if (Named(call) is not { } thread)
        {
            return Errno.ESRCH;
        }

        if (!call.Guest.TryRead(call.A2, bytes[..(int)Math.Min(call.A1, MaskBytes)]))
        {
            return Errno.EFAULT;
        }

        ulong mask = BinaryPrimitives.ReadUInt64LittleEndian(bytes) & call.System.Processors.Mask;
        if (mask == 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.NoProcessor);
        }

        thread.Affinity = mask;
        if ((mask >> thread.Cpu & 1) == 0)
        {
            thread.Cpu = System.Numerics.BitOperations.TrailingZeroCount(mask);
            call.System.YieldAsked |= thread == call.Thread;
        }

        return Errno.None;
    }

    /// <summary><c>getcpu</c>: the processor; all are in node 0.</summary>
    /// <returns>0; EFAULT.</returns>
    public static SyscallOutcome GetCpu(in SyscallCall call)
    {
        uint number = (uint)call.System.Processors.Here.Number;
        bool stored = (call.A0 == 0 || call.Guest.TryWriteUInt32(call.A0, number)) && (call.A1 == 0 || call.Guest.TryWriteUInt32(call.A1, 0));
        return stored ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>membarrier</c>: memory is sequentially consistent here and code that changes is decoded again, so every barrier holds at once.</summary>
    /// <returns>0, or the set of commands; EINVAL for another command or flags.</returns>
    public static SyscallOutcome MemBarrier(in SyscallCall call)
    {
        bool known = call.A0 == QueryBarriers || ((call.A0 & (call.A0 - 1)) == 0 && (call.A0 & Barriers) != 0);
        if (!known || (uint)call.A1 != 0)
        {
            return new Refusal(Errno.EINVAL, (uint)call.A1 != 0 ? ErrnoCause.FlagsUnknown : ErrnoCause.CommandUnknown);
        }

        return call.A0 == QueryBarriers ? SyscallOutcome.Of(Barriers) : Errno.None;
    }

    /// <summary><c>sched_getscheduler</c>: SCHED_OTHER for all.</summary>
    /// <returns>0; ESRCH.</returns>
    public static SyscallOutcome GetScheduler(in SyscallCall call) => Named(call) is null ? Errno.ESRCH : Errno.None;

    /// <summary><c>sched_setscheduler</c>, for SCHED_OTHER and its kin without real time.</summary>
    /// <returns>0; EINVAL for a priority; EPERM for a real-time policy, which no scheduler of turns can keep; ESRCH; EFAULT.</returns>
    public static SyscallOutcome SetScheduler(in SyscallCall call)
    {
        const ulong Other = 0;
        const ulong Batch = 3;
        const ulong Idle = 5;
        if (Named(call) is null)
        {
            return Errno.ESRCH;
        }

        if (!call.Guest.TryReadUInt32(call.A2, out uint priority))
        {
            return Errno.EFAULT;
        }

        bool ordinary = (uint)call.A1 is (uint)Other or (uint)Batch or (uint)Idle;
        return ordinary ? CheckPriority(priority) : new Refusal(Errno.EPERM, ErrnoCause.PolicyNotOffered);
    }

    /// <summary><c>sched_getparam</c>: priority 0.</summary>
    /// <returns>0; ESRCH; EFAULT.</returns>
    public static SyscallOutcome GetParam(in SyscallCall call) =>
        Named(call) is null ? Errno.ESRCH : call.Guest.TryWriteUInt32(call.A1, 0) ? Errno.None : Errno.EFAULT;

    /// <summary><c>sched_setparam</c>: only priority 0 exists.</summary>
    /// <returns>0; ESRCH; EINVAL for another priority; EFAULT.</returns>
    public static SyscallOutcome SetParam(in SyscallCall call)
    {
        if (Named(call) is null)
        {
            return Errno.ESRCH;
        }

        return call.Guest.TryReadUInt32(call.A1, out uint priority) ? CheckPriority(priority) : Errno.EFAULT;
    }

    /// <summary><c>sched_get_priority_max</c> and <c>sched_get_priority_min</c>, of policies without real time.</summary>
    /// <returns>0; EINVAL for another policy.</returns>
    public static SyscallOutcome PriorityLimit(in SyscallCall call) =>
        (uint)call.A0 is 0 or 3 or 5 ? Errno.None : new Refusal(Errno.EINVAL, ErrnoCause.PolicyNotOffered);

    private static Refusal CheckPriority(uint priority) => priority != 0 ? new Refusal(Errno.EINVAL, ErrnoCause.PriorityNotZero) : Refusal.None;

    /// <summary>The thread that the first argument names: the caller for 0; null when there is none.</summary>
    public static UserThread? Named(in SyscallCall call) =>
        (int)call.A0 == 0 ? call.Thread : call.System.Processes.FindThread((int)call.A0);
}
