using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Tasks;

/// <summary>Whom a timer tells.</summary>
internal enum TimerNotice
{
    /// <summary>A signal to the process (SIGEV_SIGNAL).</summary>
    Process,

    /// <summary>Nobody (SIGEV_NONE).</summary>
    Nobody,

    /// <summary>A signal to one thread (SIGEV_THREAD_ID).</summary>
    Thread,
}

/// <summary>A timer that timer_create made.</summary>
/// <param name="Id">Its number in its process.</param>
/// <param name="Notice">Whom it tells.</param>
/// <param name="Signal">With which signal.</param>
/// <param name="Value">si_value.</param>
/// <param name="Tid">The thread, with <see cref="TimerNotice.Thread"/>.</param>
/// <remarks>It runs on the virtual clock, whichever clock it was made for. Source: [Linux kernel/time/posix-timers.c].</remarks>
internal sealed record IntervalTimer(int Id, TimerNotice Notice, Signal Signal, long Value, int Tid) : IStateful
{
    /// <summary>When it goes off; <see cref="VirtualClock.Never"/> while it is not set.</summary>
    public ulong DueNs { get; set; } = VirtualClock.Never;

    /// <summary>The number of the clock that absolute times are of.</summary>
    public ulong Clock { get; init; }

    /// <summary>Its period in nanoseconds; 0 for a single time.</summary>
    public ulong PeriodNs { get; set; }

    /// <summary>Times that it went off beyond the one that was told last.</summary>
    public ulong Overrun { get; private set; }

    /// <summary>Goes off if it is due, and moves on to the next period after <paramref name="nowNs"/>.</summary>
    /// <param name="nowNs">The time.</param>
    /// <param name="info">Out: the signal for whom it tells, when the result is true.</param>
    public bool TryGoOff(ulong nowNs, out SigInfo info)
    {
        if (DueNs > nowNs)
        {
            info = default;
            return false;
        }

        ulong missed = PeriodNs == 0 ? 0 : (nowNs - DueNs) / PeriodNs;
        DueNs = PeriodNs == 0 ? VirtualClock.Never : DueNs + ((missed + 1) * PeriodNs);
        Overrun = missed;
        info = new SigInfo(Signal, SigCode.Timer, default) { Pid = Id, Uid = (int)Math.Min(missed, int.MaxValue), Value = Value };
        return true;
    }

    object IStateful.Save(object? last) => (DueNs, PeriodNs, Overrun);

    void IStateful.Restore(object state) => (DueNs, PeriodNs, Overrun) = ((ulong, ulong, ulong))state;
}
