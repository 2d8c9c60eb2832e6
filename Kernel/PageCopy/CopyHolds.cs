using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.PageCopy;

/// <summary>What a copy holds besides pages: the counter and the semaphore of its space; and how all is given back.</summary>
internal static class CopyHolds
{
    /// <summary>Takes mmap_sem for reading, once for the whole call.</summary>
    public static StageEnd TakeSem(CopyRun run)
    {
        if (run.State.HoldsSem)
        {
            return StageEnd.Done;
        }

        if (!run.Bed.Locks.SemOf(run.Space.Tag.Id).TryEnter(run.Tid, isWrite: false))
        {
            return run.Sleep(new MmapSemWait(run.Space.Tag.Id, IsWrite: false));
        }

        run.State = run.State with { HoldsSem = true };
        return StageEnd.Done;
    }

    /// <summary>Raises the counter that keeps reclaim from the space.</summary>
    public static StageEnd Raise(CopyRun run)
    {
        run.Space.DontUnmapPages++;
        run.State = run.State with { IsRaised = true };
        return StageEnd.Done;
    }

    /// <summary>Lowers it.</summary>
    public static StageEnd Lower(CopyRun run)
    {
        run.Space.DontUnmapPages--;
        run.State = run.State with { IsRaised = false };
        return StageEnd.Done;
    }

    /// <summary>Gives back all that a copy holds, which goes on no more: its call is over, or its task is gone.</summary>
    public static void Abandon(CopyBed bed, AddressSpace space, int tid, CopyState state)
    {
        CloseWindows(bed, state);
        if (state.Page is { } page)
        {
            if (state.IsLocked)
            {
                bed.Locks.Unlock(page);
            }

            bed.Memory.Source.Release(page);
        }

        foreach (PageFrame frame in state.Pinned)
        {
            PageHold.Release(bed.Memory, frame);
        }

        space.DontUnmapPages -= state.IsRaised ? 1 : 0;
        if (state.Fault is { HasSem: true })
        {
            bed.Locks.SemOf(space.Tag.Id).Leave(tid, isWrite: false);
        }

        if (state.HoldsSem)
        {
            bed.Locks.SemOf(space.Tag.Id).Leave(tid, isWrite: false);
        }
    }

    private static void CloseWindows(CopyBed bed, CopyState state)
    {
        if (state.Window is { } window)
        {
            bed.Windows.Close(window);
        }

        if (state.Implicit is { } second)
        {
            bed.Windows.Close(second);
        }
    }
}
