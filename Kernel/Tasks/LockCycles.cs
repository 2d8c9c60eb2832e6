using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Locks;
using MmuEmu.Kernel.PageCopy;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Waiting;
using MmuEmu.Kernel.Windows;

namespace MmuEmu.Kernel.Tasks;

/// <summary>Sees that tasks wait for one another's locks in a circle, when the last of them begins to wait.</summary>
/// <remarks>Source: [Linux kernel/locking/lockdep.c], which sees orders; this sees the circle itself.</remarks>
internal static class LockCycles
{
    /// <summary>Tells of the circle that <paramref name="thread"/> has closed by its wait, if it has.</summary>
    public static void Look(TaskSystem system, UserThread thread)
    {
        if (system.Copies is not { } bed)
        {
            return;
        }

        List<UserThread> way = [thread];
        if (!Leads(system, bed.Locks, way, thread))
        {
            return;
        }

        bed.Counters.Add(WindowCounter.LockCycles);
        bed.Tell(KernelEvent.LockCycle, new TraceEvent(KernelEvent.LockCycle) { Count = (ulong)way.Count });
        List<(TaskName, VirtAddr)> circle = [];
        foreach (UserThread member in way)
        {
            circle.Add((member.Title, default));
        }

        system.Notices(new Notice(NoticeKind.LockCycle) { Needed = circle });
    }

    /// <summary>True when the last thread of <paramref name="way"/> waits for <paramref name="first"/>, by way of others if need be; they are on the way then.</summary>
    private static bool Leads(TaskSystem system, LockTable locks, List<UserThread> way, UserThread first)
    {
        foreach (int tid in BlockersOf(system, locks, way[^1]))
        {
            if (tid == first.Tid)
            {
                return true;
            }

            if (system.Processes.FindThread(tid) is not { State: RunState.Waiting } next || way.Contains(next))
            {
                continue;
            }

            way.Add(next);
            if (Leads(system, locks, way, first))
            {
                return true;
            }

            way.RemoveAt(way.Count - 1);
        }

        return false;
    }

    /// <summary>The threads without which <paramref name="thread"/> cannot go on.</summary>
    public static IEnumerable<int> BlockersOf(TaskSystem system, LockTable locks, UserThread thread) => thread.Wait?.Cause switch
    {
        PageLockWait wait => Holder(locks.OwnerOf(wait.Frame)),
        MmapSemWait wait => locks.SemOf(wait.Space).Blockers(thread.Tid, wait.IsWrite),
        PageWait wait when LockGate.LockedPage(thread.Process.Space, wait.Fault.Cr2) is { } page => Holder(locks.OwnerOf(page.Pfn)),
        PageWait => locks.SemOf(thread.Process.Space.Tag.Id).Blockers(thread.Tid, isWrite: false),
        _ => [],
    };

    private static int[] Holder(int tid) => tid == 0 ? [] : [tid];
}
