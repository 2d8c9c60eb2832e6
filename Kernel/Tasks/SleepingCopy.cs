using MmuEmu.Kernel.PageCopy;

namespace MmuEmu.Kernel.Tasks;

/// <summary>The end of a copy whose task goes on without it: killed, or interrupted by a handler.</summary>
internal static class SleepingCopy
{
    /// <summary>Gives back what the thread's copy holds, and the thread's place in all queues; nothing when it is in none.</summary>
    public static void GiveUp(TaskSystem system, UserThread thread)
    {
        if (system.Copies is not { } bed)
        {
            return;
        }

        if (thread.Call?.Copy is { } copy && thread.Process.Memory is { } memory)
        {
            CopyHolds.Abandon(bed, memory.Space, thread.Tid, copy);
        }

        bed.Locks.Forget(thread.Tid);
    }
}
