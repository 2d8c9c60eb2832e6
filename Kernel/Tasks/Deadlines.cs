namespace MmuEmu.Kernel.Tasks;

/// <summary>The moments at which something goes on by itself.</summary>
internal static class Deadlines
{
    /// <summary>The next one at which an alarm rings or a waiting ends; <see cref="VirtualClock.Never"/> when there is none.</summary>
    /// <param name="system">All tasks.</param>
    /// <param name="counts">False for a waiting thread whose deadline is not asked for; null when all are.</param>
    public static ulong NextNs(TaskSystem system, Func<UserThread, bool>? counts = null)
    {
        ulong next = VirtualClock.Never;
        foreach (Process process in system.Processes.All)
        {
            next = Math.Min(next, process.AlarmNs);
            next = process.Timers.Count == 0 ? next : Math.Min(next, EarliestOf(process.Timers));

            foreach (UserThread thread in process.Threads)
            {
                bool waits = thread.State == RunState.Waiting && process.State == ProcessState.Alive && counts?.Invoke(thread) != false;
                next = waits ? Math.Min(next, thread.Wait!.DeadlineNs) : next;
            }
        }

        return next;
    }

    private static ulong EarliestOf(SortedDictionary<int, IntervalTimer> timers)
    {
        ulong earliest = VirtualClock.Never;
        foreach (IntervalTimer timer in timers.Values)
        {
            earliest = Math.Min(earliest, timer.DueNs);
        }

        return earliest;
    }
}
