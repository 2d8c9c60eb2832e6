using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Clocks, sleeping, alarms and processor time: all virtual, one nanosecond for each instruction.</summary>
/// <remarks>Source: [Linux kernel/time/posix-timers.c, hrtimer.c, itimer.c; kernel/sys.c].</remarks>
internal static class TimeSyscalls
{
    private const ulong Second = 1_000_000_000;
    private const ulong SecondInMicros = 1_000_000;
    private const ulong TickNs = 10_000_000;
    private const ulong AbsoluteTime = 1;

    private enum Clock : ulong
    {
        Realtime = 0,
        Monotonic = 1,
        ProcessCpu = 2,
        ThreadCpu = 3,
        MonotonicRaw = 4,
        RealtimeCoarse = 5,
        MonotonicCoarse = 6,
        BootTime = 7,
    }

    /// <summary><c>clock_gettime</c>.</summary>
    /// <returns>0; EINVAL for an unknown clock; EFAULT.</returns>
    public static SyscallOutcome ClockGetTime(in SyscallCall call)
    {
        if (!TryRead(call, call.A0, out ulong now))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.ClockUnknown);
        }

        return TryWriteTime(call, call.A1, now) ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>clock_getres</c>.</summary>
    /// <returns>0; EINVAL for an unknown clock; EFAULT.</returns>
    public static SyscallOutcome ClockGetRes(in SyscallCall call)
    {
        if (!TryRead(call, call.A0, out _))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.ClockUnknown);
        }

        return call.A1 == 0 || TryWriteTime(call, call.A1, 1) ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>gettimeofday</c>.</summary>
    /// <returns>0; EFAULT.</returns>
    public static SyscallOutcome GetTimeOfDay(in SyscallCall call)
    {
        ulong now = call.System.Clock.RealtimeNs;
        StructWriter time = new(16);
        time.Put64(0, now / Second);
        time.Put64(8, now % Second / 1000);
        bool stored = (call.A0 == 0 || call.Guest.TryWrite(call.A0, time.Bytes)) && (call.A1 == 0 || call.Guest.TryWriteUInt64(call.A1, 0));
        return stored ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>time</c>.</summary>
    /// <returns>Seconds since 1970; EFAULT.</returns>
    public static SyscallOutcome Time(in SyscallCall call)
    {
        ulong seconds = call.System.Clock.RealtimeNs / Second;
        return call.A0 == 0 || call.Guest.TryWriteUInt64(call.A0, seconds) ? SyscallOutcome.Of(seconds) : Errno.EFAULT;
    }

    /// <summary><c>times</c>.</summary>
    /// <returns>Ticks of 10 ms since the machine started; EFAULT.</returns>
    public static SyscallOutcome Times(in SyscallCall call)
    {
        StructWriter times = new(32);
        times.Put64(0, call.Process.Instructions / TickNs);
        times.Put64(16, call.Process.ChildInstructions / TickNs);
        bool stored = call.A0 == 0 || call.Guest.TryWrite(call.A0, times.Bytes);
        return stored ? SyscallOutcome.Of(call.System.Clock.NowNs / TickNs) : Errno.EFAULT;
    }

    /// <summary><c>nanosleep</c>.</summary>
    /// <returns>0; EINVAL for a bad time; EINTR; EFAULT.</returns>
    public static SyscallOutcome NanoSleep(in SyscallCall call) =>
        TryReadTime(call, call.A0, out ulong span, out Refusal refusal) ? SleepUntil(call, call.DeadlineAfter(span), call.A1) : refusal;

    /// <summary><c>clock_nanosleep</c>.</summary>
    /// <returns>0; EINVAL for a bad time or clock; EINTR; EFAULT.</returns>
    public static SyscallOutcome ClockNanoSleep(in SyscallCall call)
    {
        if (!TryRead(call, call.A0, out ulong now) || (Clock)call.A0 == Clock.ThreadCpu)
        {
            return new Refusal(Errno.EINVAL, (Clock)call.A0 == Clock.ThreadCpu ? ErrnoCause.ClockStopsInSleep : ErrnoCause.ClockUnknown);
        }

        if (!TryReadTime(call, call.A2, out ulong span, out Refusal refusal))
        {
            return refusal;
        }

        bool absolute = (call.A1 & AbsoluteTime) != 0;
        ulong wait = absolute ? span - Math.Min(span, now) : span;
        return SleepUntil(call, call.DeadlineAfter(wait), absolute ? 0 : call.A3);
    }

    /// <summary><c>alarm</c>.</summary>
    /// <returns>Seconds that were left of the earlier alarm.</returns>
    public static SyscallOutcome Alarm(in SyscallCall call)
    {
        ulong left = LeftOf(call);
        uint seconds = (uint)call.A0;
        call.Process.AlarmNs = seconds == 0 ? VirtualClock.Never : call.System.Clock.After(seconds * Second);
        call.Process.AlarmPeriodNs = 0;
        return SyscallOutcome.Of((left + Second - 1) / Second);
    }

    /// <summary><c>setitimer</c>, for ITIMER_REAL.</summary>
    /// <returns>0; EINVAL for the other timers and bad times; EFAULT.</returns>
    public static SyscallOutcome SetITimer(in SyscallCall call)
    {
        SyscallOutcome old = call.A2 == 0 ? Errno.None : GetITimer(call with { A1 = call.A2 });
        if (call.A0 != 0 || !old.Result.IsOk)
        {
            return call.A0 != 0 ? WrongTimer(call.A0) : old;
        }

        Span<ulong> parts = stackalloc ulong[4];
        for (int i = 0; i < 4; i++)
        {
            if (!call.Guest.TryReadUInt64(call.A1 + (ulong)(i * 8), out parts[i]))
            {
                return Errno.EFAULT;
            }
        }

        Refusal refusal = Check(parts[0], parts[1], SecondInMicros);
        refusal = refusal == Refusal.None ? Check(parts[2], parts[3], SecondInMicros) : refusal;
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        ulong first = SaturatingNs(parts[2], parts[3] * 1000);
        call.Process.AlarmPeriodNs = SaturatingNs(parts[0], parts[1] * 1000);
        call.Process.AlarmNs = first == 0 ? VirtualClock.Never : call.System.Clock.After(first);
        return Errno.None;
    }

    /// <summary><c>getitimer</c>, for ITIMER_REAL.</summary>
    /// <returns>0; EINVAL for the other timers; EFAULT.</returns>
    public static SyscallOutcome GetITimer(in SyscallCall call)
    {
        StructWriter timer = new(32);
        ulong left = LeftOf(call);
        timer.Put64(0, call.Process.AlarmPeriodNs / Second);
        timer.Put64(8, call.Process.AlarmPeriodNs % Second / 1000);
        timer.Put64(16, left / Second);
        timer.Put64(24, left % Second / 1000);
        return call.A0 != 0 ? WrongTimer(call.A0) : call.Guest.TryWrite(call.A1, timer.Bytes) ? Errno.None : Errno.EFAULT;
    }

    /// <summary>Reads a struct timespec: EFAULT; EINVAL when it is negative or its nanoseconds are no fraction.</summary>
    internal static bool TryReadTime(in SyscallCall call, ulong address, out ulong nanoseconds, out Refusal refusal)
    {
        bool read = call.TryReadSigned(address, out ulong seconds) & call.TryReadSigned(address + (call.NarrowTimes ? 4UL : 8), out ulong fraction);
        refusal = read ? Check(seconds, fraction, Second) : Errno.EFAULT;
        nanoseconds = SaturatingNs(seconds, fraction);
        return refusal == Refusal.None;
    }

    /// <summary>Finds fault with a time whose fraction is in units of which <paramref name="perSecond"/> make a second.</summary>
    private static Refusal Check(ulong seconds, ulong fraction, ulong perSecond)
    {
        bool negative = (long)seconds < 0;
        return negative || fraction >= perSecond
            ? new Refusal(Errno.EINVAL, negative ? ErrnoCause.SecondsNegative : ErrnoCause.FractionTooLarge)
            : Refusal.None;
    }

    /// <summary>ITIMER_VIRTUAL and ITIMER_PROF are not offered; others do not exist.</summary>
    private static Refusal WrongTimer(ulong which) => new(Errno.EINVAL, which is 1 or 2 ? ErrnoCause.TimerNotOffered : ErrnoCause.TimerUnknown);

    private static ulong SaturatingNs(ulong seconds, ulong fraction) =>
        seconds > long.MaxValue / Second ? long.MaxValue : (seconds * Second) + fraction;

    private static bool TryWriteTime(in SyscallCall call, ulong address, ulong nanoseconds)
    {
        StructWriter time = new(call.NarrowTimes ? 8 : 16);
        time.PutTime(0, nanoseconds, call.NarrowTimes);
        return call.Guest.TryWrite(address, time.Bytes);
    }

    private static bool TryRead(in SyscallCall call, ulong clock, out ulong now)
    {
        bool known = clock <= (ulong)Clock.BootTime;
        now = (Clock)clock switch
        {
            Clock.Realtime or Clock.RealtimeCoarse => call.System.Clock.RealtimeNs,
            Clock.ProcessCpu => call.Process.Instructions,
            Clock.ThreadCpu => call.Thread.Instructions,
            _ => call.System.Clock.NowNs,
        };
        return known;
    }

    private static ulong LeftOf(in SyscallCall call) =>
        call.Process.AlarmNs == VirtualClock.Never ? 0 : call.Process.AlarmNs - Math.Min(call.Process.AlarmNs, call.System.Clock.NowNs);

    private static SyscallOutcome SleepUntil(in SyscallCall call, ulong deadline, ulong remainderAt)
    {
        if (call.System.Clock.NowNs >= deadline)
        {
            return Errno.None;
        }

        return SyscallOutcome.Until(new WaitFor(new SleepWait(new VirtAddr(remainderAt), call.NarrowTimes), deadline, Interruption.Fails));
    }
}
