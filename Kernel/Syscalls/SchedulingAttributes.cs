using System.Buffers.Binary;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Syscalls;

/// <summary><c>sched_setattr</c>: policies without real time, as for a user without privilege.</summary>
/// <remarks>Source: [Linux kernel/sched/syscalls.c, sched_copy_attr, __sched_setscheduler].</remarks>
internal static class SchedulingAttributes
{
    /// <summary>SCHED_ATTR_SIZE_VER0, and the size of a kernel with utilization clamps.</summary>
    private const uint FirstBytes = 48;
    private const uint KnownBytes = 56;
    private const uint MostBytes = 4096;

    /// <summary>RESET_ON_FORK, RECLAIM, DL_OVERRUN, KEEP_POLICY, KEEP_PARAMS, and the two clamps.</summary>
    private const ulong KnownFlags = 0x7F;
    private const ulong KeepPolicy = 0x08;
    private const ulong KeepParams = 0x10;
    private const ulong Clamps = 0x60;
    private const uint MostPriority = 99;

    /// <summary><c>sched_setattr(pid, attr, flags)</c>.</summary>
    /// <returns>
    /// 0; EINVAL for no attributes, a negative pid, flags, an unknown policy or attribute flag, a priority where the policy has none; EFAULT;
    /// E2BIG for a structure of another size, after its size was corrected; ESRCH; EPERM for real time, deadlines and a lower nice value;
    /// EOPNOTSUPP for utilization clamps.
    /// </returns>
    public static SyscallOutcome Set(in SyscallCall call)
    {
        OtherMeaning.TellOfRange(call);
        if (call.A1 == 0 || (int)call.A0 < 0)
        {
            return new Refusal(Errno.EINVAL, call.A1 == 0 ? ErrnoCause.BadPointer : ErrnoCause.NotPositive);
        }

        if ((uint)call.A2 != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown);
        }

        Span<byte> attributes = stackalloc byte[(int)KnownBytes];
        Refusal refusal = Read(call, attributes);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        return ScheduleSyscalls.Named(call) is null ? Errno.ESRCH : Check(attributes);
    }

    /// <summary>Reads what a larger or smaller structure has of the known one.</summary>
    private static Refusal Read(in SyscallCall call, Span<byte> attributes)
    {
        if (!call.Guest.TryReadUInt32(call.A1, out uint bytes))
        {
            return new Refusal(Errno.EFAULT, ErrnoCause.BadPointer);
        }

        bytes = bytes == 0 ? FirstBytes : bytes;
        bool fits = bytes is >= FirstBytes and <= MostBytes;
        Span<byte> whole = stackalloc byte[fits ? (int)bytes : 0];
        if (fits && !call.Guest.TryRead(call.A1, whole))
        {
            return new Refusal(Errno.EFAULT, ErrnoCause.BadPointer);
        }

        if (!fits || (bytes > KnownBytes && whole[(int)KnownBytes..].ContainsAnyExcept((byte)0)))
        {
            return call.Guest.TryWriteUInt32(call.A1, KnownBytes)
                ? new Refusal(Errno.E2BIG, ErrnoCause.StructSizeWrong)
                : new Refusal(Errno.EFAULT, ErrnoCause.BadPointer);
        }

        whole[..(int)Math.Min(bytes, KnownBytes)].CopyTo(attributes);
        bool clampsCut = bytes < KnownBytes && (BinaryPrimitives.ReadUInt64LittleEndian(attributes[8..]) & Clamps) != 0;
        return clampsCut ? new Refusal(Errno.EINVAL, ErrnoCause.StructSizeWrong) : Refusal.None;
    }

    private static Refusal Check(ReadOnlySpan<byte> attributes)
    {
        int policy = BinaryPrimitives.ReadInt32LittleEndian(attributes[4..]);
        ulong flags = BinaryPrimitives.ReadUInt64LittleEndian(attributes[8..]);
        int nice = BinaryPrimitives.ReadInt32LittleEndian(attributes[16..]);
        uint priority = BinaryPrimitives.ReadUInt32LittleEndian(attributes[20..]);
        bool kept = (flags & KeepParams) != 0;
        policy = policy >= 0 && (flags & KeepPolicy) != 0 ? 0 : policy;
        if (policy is not (0 or 1 or 2 or 3 or 5 or 6))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.PolicyNotOffered);
        }

        if ((flags & ~KnownFlags) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown);
        }

        bool realTime = policy is 1 or 2;
        if (!kept && (priority > MostPriority || realTime != (priority != 0) || (policy == 6 && !IsDeadline(attributes))))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.PriorityNotZero);
        }

        if (realTime || policy == 6 || (!kept && nice < 0))
        {
            return new Refusal(Errno.EPERM, ErrnoCause.PolicyNotOffered);
        }

        return (flags & Clamps) != 0 ? Errno.EOPNOTSUPP : Errno.None;
    }

    /// <summary>Whether runtime, deadline and period go together.</summary>
    private static bool IsDeadline(ReadOnlySpan<byte> attributes)
    {
        const ulong LeastRuntimeNs = 1024;
        ulong runtime = BinaryPrimitives.ReadUInt64LittleEndian(attributes[24..]);
        ulong deadline = BinaryPrimitives.ReadUInt64LittleEndian(attributes[32..]);
        ulong period = BinaryPrimitives.ReadUInt64LittleEndian(attributes[40..]);
        return deadline is > 0 and <= long.MaxValue && runtime is >= LeastRuntimeNs && runtime <= deadline && (period == 0 || (period >= deadline && period <= long.MaxValue));
    }
}
