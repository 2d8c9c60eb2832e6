using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Tasks;

/// <summary>Who waits for locks on files: in which order they get them, and whether they wait for one another.</summary>
/// <remarks>Source: [Linux fs/locks.c, __locks_insert_block, __locks_wake_up_blocks, posix_locks_deadlock].</remarks>
internal static class FileLockQueue
{
    /// <summary>MAX_DEADLK_ITERATIONS: a longer way round is no deadlock to Linux, whose owners may share tables and wait for two locks at once.</summary>
    private const int MaxSteps = 10;

    /// <summary>True when a waiter may ask again: what was in its way has gone, and nobody before it who could be in its way now may ask as well.</summary>
    public static bool IsNext(TaskSystem system, FileLockWait wait)
    {
        if (IsBlocked(wait))
        {
            return false;
        }

        FileLockContext locks = wait.Request.File.Inode.Locks;
        foreach (FileLockWait other in Waiters(system))
        {
            bool isBefore = other.Request.Order < wait.Request.Order && ReferenceEquals(other.Request.File.Inode.Locks, locks);
            if (isBefore && other.Request.Excludes(wait.Request) && !IsBlocked(other))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when the owner of <paramref name="blocker"/> waits, by way of others if need be, for the owner of <paramref name="request"/>.</summary>
    /// <remarks>Descriptions wait for nobody: any process that has one may give up its locks.</remarks>
    public static bool WouldDeadlock(TaskSystem system, FileLock request, FileLock blocker)
    {
        FileLock? next = request.Kind == FileLockKind.Posix ? BlockerOf(system, blocker.Owner) : null;
        for (int i = 0; next is not null && i <= MaxSteps; i++)
        {
            if (next.IsOfOwnerOf(request))
            {
                return true;
            }

            next = BlockerOf(system, next.Owner);
        }

        return false;
    }

    /// <summary>The waiters for <paramref name="held"/> that are blocked still, first come first.</summary>
    public static List<FileLock> WaitersOf(TaskSystem system, FileLock held)
    {
        List<FileLock> waiters = [];
        foreach (FileLockWait wait in Waiters(system))
        {
            if (wait.Blocker == held && IsBlocked(wait))
            {
                waiters.Add(wait.Request);
            }
        }

        waiters.Sort(static (a, b) => a.Order.CompareTo(b.Order));
        return waiters;
    }

    private static bool IsBlocked(FileLockWait wait) => wait.Request.File.Inode.Locks.Holds(wait.Blocker);

    private static FileLock? BlockerOf(TaskSystem system, IStateful owner)
    {
        foreach (FileLockWait wait in Waiters(system))
        {
            if (ReferenceEquals(wait.Request.Owner, owner) && wait.Blocker.Kind == FileLockKind.Posix && IsBlocked(wait))
            {
                return wait.Blocker;
            }
        }

        return null;
    }

    private static IEnumerable<FileLockWait> Waiters(TaskSystem system)
    {
        foreach (Process process in system.Processes.All)
        {
            foreach (UserThread thread in process.Threads)
            {
                if (process.State == ProcessState.Alive && thread is { State: RunState.Waiting, Wait.Cause: FileLockWait wait })
                {
                    yield return wait;
                }
            }
        }
    }
}
