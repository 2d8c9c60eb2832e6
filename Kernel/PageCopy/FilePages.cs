using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Waiting;
using MmuEmu.Kernel.Windows;

namespace MmuEmu.Kernel.PageCopy;

/// <summary>The file's side of a copy: its page found, locked, made ready, committed, let go.</summary>
/// <remarks>Source: [Linux 2.5 mm/filemap.c, generic_file_write, do_generic_file_read; fs/buffer.c, block_prepare_write].</remarks>
internal static class FilePages
{
    /// <summary>Finds or makes the page of a write, and locks it.</summary>
    public static StageEnd Lock(CopyRun run)
    {
        IPagedContent file = (IPagedContent)run.State.File.Content!;
        PageFrame? page = file.FindPage(run.State.Index);
        if (page is null && !file.AddPage(run.State.Index).Has(out page, out Refusal refusal))
        {
            // Where the file may have no more, freeing memory is of no use.
            return refusal.Errno == Errno.ENOSPC ? run.Fail(Errno.ENOSPC) : NoFrame(run, Errno.ENOSPC);
        }

        if (!run.Bed.Locks.TryLock(page, run.Tid))
        {
            return run.Sleep(new PageLockWait(page.Pfn));
        }

        page.RefCount++;
        run.State = run.State with { Page = page, IsLocked = true };
        return StageEnd.Done;
    }

    /// <summary>Finds the page of a read, and waits until it is up to date.</summary>
    public static StageEnd Find(CopyRun run)
    {
        IBacking file = run.State.File.Content!.Backing!;
        if (file.FindPage(run.State.Index) is { } there && there.Has(PageFlags.Locked) && !there.Has(PageFlags.UpToDate))
        {
            return run.Sleep(new PageLockWait(there.Pfn));
        }

        if (!file.GetPage(run.State.Index).Ok(out PageFrame? page, out Errno errno))
        {
            return errno == Errno.ENOMEM ? NoFrame(run, Errno.ENOMEM) : run.Fail(errno);
        }

        run.State = run.State with { Page = page };
        return StageEnd.Done;
    }

    /// <summary>prepare_write: what the write leaves of a page is read in.</summary>
    public static StageEnd Prepare(CopyRun run)
    {
        CopyState state = run.State;
        if (run.Bed.Profile.MapsInPrepare && state.Implicit is null)
        {
            if (!run.Bed.Windows.TryOpen(state.Page!, out OpenWindow window))
            {
                return run.Sleep(new WindowWait());
            }

            run.State = state = state with { Implicit = window };
        }

        if (!state.Page!.Has(PageFlags.UpToDate) && state.Wanted < 4096)
        {
            OpenWindow device = run.Bed.Windows.OpenAtomic(run.Cpu, WindowType.BioSrc, state.Page);
            ((IPagedContent)state.File.Content!).FillPage(state.Page);
            run.Bed.Windows.Close(device);
        }

        return StageEnd.Done;
    }

    /// <summary>commit_write: what was copied becomes the file's; of a page that is not up to date only all or nothing.</summary>
    public static StageEnd Commit(CopyRun run)
    {
        CopyState state = run.State;
        PageFrame page = state.Page!;
        int moved = run.Bed.Profile.CommitsAll && state.IsShort ? state.Wanted : state.Copied;
        if (!page.Has(PageFlags.UpToDate) && moved < state.Wanted)
        {
            moved = 0;
        }

        if (moved > 0)
        {
            ((IPagedContent)state.File.Content!).PageWritten(page, state.Offset + (ulong)moved);
        }

        if (state.Implicit is { } window)
        {
            run.Bed.Windows.Close(window);
        }

        run.Bed.Locks.Unlock(page);
        run.State = state with { IsLocked = false, Implicit = null, Moved = moved };
        return Release(run);
    }

    /// <summary>The page of a read is let go.</summary>
    public static StageEnd Drop(CopyRun run)
    {
        run.State = run.State with { Moved = run.State.Copied };
        return Release(run);
    }

    private static StageEnd Release(CopyRun run)
    {
        run.Bed.Memory.Source.Release(run.State.Page!);
        run.State = run.State with { Page = null };
        return StageEnd.Done;
    }

    /// <summary>The allocator has no frame: it waits, or has somebody killed, or the call fails.</summary>
    private static StageEnd NoFrame(CopyRun run, Errno errno)
    {
        if (run.Bed.Memory.Shortage is { } rule && rule.TriesAgain(out ulong againNs))
        {
            return run.Sleep(new FrameWait(), againNs);
        }

        return run.Guest.RelieveMemory() ? run.Sleep(new FrameWait(), run.NowNs) : run.Fail(errno);
    }
}
