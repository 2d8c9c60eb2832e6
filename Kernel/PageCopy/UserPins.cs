using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Huge;
using MmuEmu.Kernel.Windows;

namespace MmuEmu.Kernel.PageCopy;

/// <summary>The user's side of a copy before it is made: touched, or pinned.</summary>
/// <remarks>Source: [Linux 2.5 mm/filemap.c, generic_file_write; mm/memory.c, get_user_pages].</remarks>
internal static class UserPins
{
    /// <summary>Touches the bytes that the profile names.</summary>
    public static StageEnd Touch(CopyRun run)
    {
        CopyState state = run.State;
        if (state.Touched == 0 && state.Fault is null)
        {
            run.Bed.Counters.Add(WindowCounter.Prefaults);
            run.State = state = state with { Passes = state.Passes + 1 };
        }

        AccessKind kind = run.Bed.Profile.Touch == TouchRule.ReadOnly ? AccessKind.Read : run.UserAccess;
        while (run.State.Touched < 2)
        {
            VirtAddr at = run.State.User + (run.State.Touched == 0 ? 0 : LastTouched(run));
            StageEnd end = Reach(run, at, kind, out bool reached, out _);
            if (end != StageEnd.Done)
            {
                return end;
            }

            if (!reached && run.Bed.Recipe.OnFault == CopyFault.Retried)
            {
                return run.Fail(Errno.EFAULT);
            }

            run.State = run.State with { Touched = run.State.Touched + 1 };
        }

        run.State = run.State with { Touched = 0 };
        return StageEnd.Done;
    }

    /// <summary>Pins the pages of the user's bytes: one, or two.</summary>
    public static StageEnd Pin(CopyRun run)
    {
        int pages = (run.State.User.PageOffset + run.State.Wanted + 0xFFF) >> 12;
        while (run.State.Pinned.Count < pages)
        {
            VirtAddr at = run.State.Pinned.Count == 0 ? run.State.User : run.State.User.PageBase + 4096;
            StageEnd end = Reach(run, at, run.UserAccess, out bool reached, out PhysAddr where);
            if (end != StageEnd.Done)
            {
                return end;
            }

            if (!reached)
            {
                if (run.State.Pinned.Count == 0)
                {
                    return run.Fail(Errno.EFAULT);
                }

                run.State = run.State with { Wanted = 4096 - run.State.User.PageOffset };
                return StageEnd.Done;
            }

            // The kernels of 2002 know no page that is pinned in parts: a transparent huge page is split first. Source: [Linux mm/gup.c, FOLL_SPLIT].
            if (HugeSplit.Over(run.Bed.Memory, run.Space, at))
            {
                continue;
            }

            Take(run, run.Bed.Memory.Frames[where.Frame]);
        }

        return StageEnd.Done;
    }

    private static void Take(CopyRun run, PageFrame frame)
    {
        PageHold.Take(run.Bed.Memory, frame);
        run.State = run.State with { Pinned = [.. run.State.Pinned, frame] };
        // The table's lock, the entry, the page's count: three lines.
        run.Bed.Memory.Cost?.Charge(KernelPath.PtePerPage, 3);
        run.Bed.Counters.Add(WindowCounter.Pinned);
        run.Bed.Counters.Raise(WindowCounter.MostPinned, (ulong)run.State.Pinned.Count);
    }

    /// <summary>Lets the pinned pages go.</summary>
    public static StageEnd Unpin(CopyRun run)
    {
        foreach (PageFrame frame in run.State.Pinned)
        {
            PageHold.Release(run.Bed.Memory, frame);
        }

        run.State = run.State with { Pinned = [] };
        return StageEnd.Done;
    }

    private static ulong LastTouched(CopyRun run) =>
        run.Bed.Profile.Touch == TouchRule.Proposal ? (ulong)run.State.Wanted + 1 : (ulong)run.State.Wanted - 1;

    /// <summary>One access to user memory outside the copy itself, its faults served.</summary>
    private static StageEnd Reach(CopyRun run, VirtAddr at, AccessKind kind, out bool reached, out PhysAddr where)
    {
        where = default;
        reached = false;
        while (true)
        {
            if (run.State.Fault is not null)
            {
                StageEnd end = CopyFaults.Serve(run, out bool served);
                if (end != StageEnd.Done || !served)
                {
                    return end;
                }
            }

            if (UserBytes.TryReach(run, at, kind, out where, out PageFault fault))
            {
                reached = true;
                return StageEnd.Done;
            }

            CopyFaults.Begin(run, fault);
        }
    }
}
