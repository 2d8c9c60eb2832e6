using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Tasks;

/// <summary>Who runs next: round robin over all threads in order of their ids.</summary>
/// <remarks>It looks at nothing that could differ between two runs.</remarks>
public sealed class Scheduler(TaskSystem system)
{
    /// <summary>Instructions that a thread may run while others wait for the processor.</summary>
    public const ulong Quantum = 100_000;

    private int _last;

    /// <summary>True when somebody besides <paramref name="thread"/> could run now.</summary>
    public bool OthersCanRun(UserThread thread)
    {
        foreach (Process process in system.Processes.All)
        {
            foreach (UserThread other in process.Threads)
            {
                if (other != thread && CanRun(other))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The next thread that can run, after the one that ran last; null when all wait.</summary>
    public UserThread? Next()
    {
        UserThread? first = null;
        foreach (Process process in system.Processes.All)
        {
            foreach (UserThread thread in process.Threads)
            {
                if (!CanRun(thread))
                {
                    continue;
                }

                if (thread.Tid > _last)
                {
                    return Take(thread);
                }

                first ??= thread;
            }
        }

        return first is null ? null : Take(first);
    }

    /// <summary>The next moment at which an alarm rings or a waiting ends; <see cref="VirtualClock.Never"/> when there is none.</summary>
    public ulong NextDeadlineNs()
    {
        ulong next = VirtualClock.Never;
        foreach (Process process in system.Processes.All)
        {
            next = Math.Min(next, process.AlarmNs);
            foreach (UserThread thread in process.Threads)
            {
                bool counts = thread.State == RunState.Waiting && process.State == ProcessState.Alive;
                next = counts ? Math.Min(next, thread.Wait!.DeadlineNs) : next;
            }
        }

        return next;
    }

    private UserThread Take(UserThread thread)
    {
        _last = thread.Tid;
        return thread;
    }

    private bool CanRun(UserThread thread)
    {
        if (thread.Process.State != ProcessState.Alive)
        {
            return false;
        }

        return thread.State switch
        {
            RunState.Runnable => true,
            RunState.Dead => false,
            RunState.Waiting => IsInterrupted(thread) || thread.Wait!.DeadlineNs <= system.Clock.NowNs || thread.Wait.Ready(),
        };
    }

    private static bool IsInterrupted(UserThread thread) =>
        thread.HasSignal && (thread.Wait!.Interruption != Interruption.Never || thread.Process.Pending.Set.Has(Signal.SIGKILL));
}
