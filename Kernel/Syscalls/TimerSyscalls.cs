using System.Buffers.Binary;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>The timers of POSIX: timer_create and its kin.</summary>
/// <remarks>Source: [Linux kernel/time/posix-timers.c].</remarks>
internal static class TimerSyscalls
{
    private const int MostTimers = 1024;
    private const int EventBytes = 20;
    private const ulong AbsoluteTime = 1;
    private const ulong RealTime = 0;
    private const ulong LastClock = 7;

    private enum Notify
    {
        Signal = 0,
        None = 1,
        ThreadId = 4,
    }

    /// <summary><c>timer_create</c>.</summary>
    /// <returns>0; EINVAL for an unknown clock, signal, thread or way to tell; EAGAIN for too many; EFAULT.</returns>
    public static SyscallOutcome Create(in SyscallCall call)
    {
        SortedDictionary<int, IntervalTimer> timers = call.Process.Timers;
        if (call.A0 > LastClock)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.ClockUnknown);
        }

        if (timers.Count >= MostTimers)
        {
            return new Refusal(Errno.EAGAIN, ErrnoCause.TooManyTimers);
        }

        int id = 0;
        while (timers.ContainsKey(id))
        {
            id++;
        }

        if (!TryMake(call, id, out IntervalTimer? timer, out Refusal refusal))
        {
            return refusal;
        }

        if (!call.Guest.TryWriteUInt32(call.A2, (uint)id))
        {
            return Errno.EFAULT;
        }

        timers[id] = timer;
        return Errno.None;
    }

    /// <summary><c>timer_settime</c>.</summary>
    /// <returns>0; EINVAL for an unknown timer or a bad time; EFAULT.</returns>
    public static SyscallOutcome SetTime(in SyscallCall call)
    {
        if (!call.Process.Timers.TryGetValue((int)call.A0, out IntervalTimer? timer))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.TimerUnknown);
        }

        if (!TimeSyscalls.TryReadTime(call, call.A2, out ulong period, out Refusal refusal)
            || !TimeSyscalls.TryReadTime(call, call.A2 + 16, out ulong first, out refusal))
        {
            return refusal;
        }

        if (call.A3 != 0 && !TryTell(call, timer, call.A3))
        {
            return Errno.EFAULT;
        }

        VirtualClock clock = call.System.Clock;
        bool absolute = (call.A1 & AbsoluteTime) != 0;
        ulong now = timer.Clock == RealTime ? clock.RealtimeNs : clock.NowNs;
        timer.PeriodNs = period;
        timer.DueNs = first == 0 ? VirtualClock.Never : clock.After(absolute ? first - Math.Min(first, now) : first);
        return Errno.None;
    }

    /// <summary><c>timer_gettime</c>.</summary>
    /// <returns>0; EINVAL for an unknown timer; EFAULT.</returns>
    public static SyscallOutcome GetTime(in SyscallCall call)
    {
        if (!call.Process.Timers.TryGetValue((int)call.A0, out IntervalTimer? timer))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.TimerUnknown);
        }

        return TryTell(call, timer, call.A1) ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>timer_getoverrun</c>.</summary>
    /// <returns>Periods that passed untold before the last signal; EINVAL for an unknown timer.</returns>
    public static SyscallOutcome GetOverrun(in SyscallCall call) =>
        call.Process.Timers.TryGetValue((int)call.A0, out IntervalTimer? timer)
            ? SyscallOutcome.Of(Math.Min(timer.Overrun, int.MaxValue))
            : new Refusal(Errno.EINVAL, ErrnoCause.TimerUnknown);

    /// <summary><c>timer_delete</c>.</summary>
    /// <returns>0; EINVAL for an unknown timer.</returns>
    public static SyscallOutcome Delete(in SyscallCall call) =>
        call.Process.Timers.Remove((int)call.A0) ? Errno.None : new Refusal(Errno.EINVAL, ErrnoCause.TimerUnknown);

    /// <summary>A timer as struct sigevent describes it; without one it sends SIGALRM with its number as value.</summary>
    private static bool TryMake(in SyscallCall call, int id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IntervalTimer? timer, out Refusal refusal)
    {
        timer = new IntervalTimer(id, TimerNotice.Process, Signal.SIGALRM, id, 0) { Clock = call.A0 };
        refusal = Refusal.None;
        if (call.A1 == 0)
        {
            return true;
        }

        Span<byte> wanted = stackalloc byte[EventBytes];
        if (!call.Guest.TryRead(call.A1, wanted))
        {
            refusal = Errno.EFAULT;
            return false;
        }

        long value = BinaryPrimitives.ReadInt64LittleEndian(wanted);
        int signal = BinaryPrimitives.ReadInt32LittleEndian(wanted[8..]);
        Notify notify = (Notify)BinaryPrimitives.ReadInt32LittleEndian(wanted[12..]);
        int tid = BinaryPrimitives.ReadInt32LittleEndian(wanted[16..]);
        TimerNotice notice = notify switch
        {
            Notify.None => TimerNotice.Nobody,
            Notify.ThreadId => TimerNotice.Thread,
            _ => TimerNotice.Process,
        };
        ErrnoCause wrong = notify switch
        {
            not (Notify.Signal or Notify.None or Notify.ThreadId) => ErrnoCause.NoticeUnknown,
            Notify.ThreadId when !call.Process.Threads.Exists(thread => thread.Tid == tid) => ErrnoCause.ThreadForeign,
            not Notify.None when signal is <= 0 or > 64 => ErrnoCause.SignalUnknown,
            _ => ErrnoCause.None,
        };
        timer = new IntervalTimer(id, notice, (Signal)signal, value, tid) { Clock = call.A0 };
        refusal = wrong == ErrnoCause.None ? Refusal.None : new Refusal(Errno.EINVAL, wrong);
        return wrong == ErrnoCause.None;
    }

    private static bool TryTell(in SyscallCall call, IntervalTimer timer, ulong address)
    {
        StructWriter times = new(32);
        times.PutTime(0, timer.PeriodNs);
        times.PutTime(16, timer.DueNs == VirtualClock.Never ? 0 : timer.DueNs - Math.Min(timer.DueNs, call.System.Clock.NowNs));
        return call.Guest.TryWrite(address, times.Bytes);
    }
}
