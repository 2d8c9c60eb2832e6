using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Delivery;

/// <summary>Sends the signals of alarms and timers that are due.</summary>
internal static class Alarms
{
    /// <summary>Rings what is due now, and sets what has a period to its next time.</summary>
    public static void Ring(TaskSystem system)
    {
        ulong now = system.Clock.NowNs;
        foreach (Process process in system.Processes.All)
        {
            if (process.Timers.Count != 0)
            {
                RingTimers(process, now);
            }

            if (process.AlarmNs <= now)
            {
                process.AlarmNs = process.AlarmPeriodNs == 0 ? VirtualClock.Never : system.Clock.After(process.AlarmPeriodNs);
                SignalSend.ToProcess(process, new SigInfo(Signal.SIGALRM, SigCode.Kernel, default));
            }
        }
    }

    private static void RingTimers(Process process, ulong now)
    {
        foreach (IntervalTimer timer in process.Timers.Values)
        {
            if (timer.TryGoOff(now, out SigInfo info))
            {
                Tell(process, timer, info);
            }
        }
    }

    private static void Tell(Process process, IntervalTimer timer, in SigInfo info)
    {
        switch (timer.Notice)
        {
            case TimerNotice.Process:
                SignalSend.ToProcess(process, info);
                break;
            case TimerNotice.Thread when process.Threads.Find(thread => thread.Tid == timer.Tid) is { } thread:
                SignalSend.ToThread(thread, info);
                break;
            case TimerNotice.Thread:
            case TimerNotice.Nobody:
                break;
        }
    }
}
