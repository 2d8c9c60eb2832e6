using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Waiting;
using MmuEmu.Kernel.Windows;

namespace MmuEmu.Kernel.PageCopy;

/// <summary>Opens and closes the window of a copy, and moves bytes through it.</summary>
internal static class WindowMoves
{
    /// <summary>Opens a window that may be slept with; waits for one.</summary>
    public static StageEnd OpenPool(CopyRun run)
    {
        if (!run.Bed.Windows.TryOpen(run.State.Page!, out OpenWindow window))
        {
            return run.Sleep(new WindowWait());
        }

        run.State = run.State with { Window = window, Register = window.Address };
        return StageEnd.Done;
    }

    /// <summary>Opens the processor's atomic window for file pages.</summary>
    public static StageEnd OpenAtomic(CopyRun run)
    {
        OpenWindow window = run.Bed.Windows.OpenAtomic(run.Cpu, run.Bed.Windows.FileSlot, run.State.Page!);
        run.State = run.State with { Window = window, Register = window.Address };
        return StageEnd.Done;
    }

    /// <summary>Gives the window back.</summary>
    public static StageEnd Close(CopyRun run)
    {
        if (run.State.Window is { } window)
        {
            run.Bed.Windows.Close(window);
        }

        run.State = run.State with { Window = null };
        return StageEnd.Done;
    }

    /// <summary>The bytes go between user memory and the window, with all that faults make of it.</summary>
    public static StageEnd Move(CopyRun run)
    {
        while (true)
        {
            StageEnd end = run.State.Fault is null ? Reopen(run) : ServeFault(run);
            if (end != StageEnd.Done || run.State.IsBad || run.State.IsShort || run.State.Copied == run.State.Wanted)
            {
                return end;
            }

            if (run.State.Fault is not null || run.State.Window is null)
            {
                continue;
            }

            end = MoveOn(run);
            if (end != StageEnd.Done)
            {
                return end;
            }
        }
    }

    /// <summary>The bytes go between pinned frames and the window, through a second atomic window.</summary>
    public static StageEnd MovePinned(CopyRun run)
    {
        bool writes = run.State.Direction == CopyDirection.Write;
        while (run.State.Copied < run.State.Wanted)
        {
            CopyState state = run.State;
            int at = state.User.PageOffset + state.Copied;
            int count = Math.Min(state.Wanted - state.Copied, 4096 - (at & 0xFFF));
            OpenWindow pinned = run.Bed.Windows.OpenAtomic(run.Cpu, WindowType.User1, state.Pinned[at >> 12]);
            bool open = UserBytes.TryWindow(run, state.InPage + state.Copied, writes ? AccessKind.Write : AccessKind.Read, out PhysAddr window);
            PhysAddr user = pinned.Frame.Base + (ulong)(at & 0xFFF);
            if (!open || (!pinned.IsDirect && !TryPinned(run, pinned, at & 0xFFF, writes, out user)))
            {
                return Oops(run);
            }

            UserBytes.Put(run, writes ? user : window, writes ? window : user, count);
            run.Bed.Windows.Close(pinned);
            run.State = state with { Copied = state.Copied + count };
        }

        return StageEnd.Done;
    }

    /// <summary>The bytes go from the window to another file, which may make the task wait while it holds the window.</summary>
    public static StageEnd SendOut(CopyRun run)
    {
        CopyState state = run.State;
        OpenFile sink = state.Sink!;
        if (!UserBytes.TryWindow(run, state.InPage, AccessKind.Read, out PhysAddr window))
        {
            return Oops(run);
        }

        if (!sink.Write(run.Bed.Memory.Ram.Slice(window, state.Wanted)).Has(out int put, out Refusal refusal))
        {
            bool waits = refusal.Errno == Errno.EAGAIN && (sink.Flags & OpenFlags.NonBlock) == 0;
            return waits ? run.Sleep(new WritableWait(sink), interruption: Interruption.RestartsIfAsked) : run.Fail(refusal);
        }

        run.State = state with { Copied = put };
        return StageEnd.Done;
    }

    private static bool TryPinned(CopyRun run, in OpenWindow pinned, int inPage, bool writes, out PhysAddr at)
    {
        Access access = new(pinned.Address + (ulong)inPage, writes ? AccessKind.Read : AccessKind.Write, AccessOrigin.Supervisor);
        bool reached = run.Mmu.TryTranslate(access, out Translated translated, out _);
        at = translated.Address;
        return reached;
    }

    /// <summary>A window that was closed for a fault, or for the slow way, is opened again.</summary>
    private static StageEnd Reopen(CopyRun run)
    {
        CopyState state = run.State;
        if (state.Window is not null)
        {
            return StageEnd.Done;
        }

        VirtAddr kept = state.Register;
        StageEnd end = state.IsSlow ? OpenPool(run) : OpenAtomic(run);
        if (end == StageEnd.Done && !state.IsSlow && run.Bed.Profile.KeepsAddress)
        {
            run.State = run.State with { Register = kept };
        }

        return end;
    }

    private static StageEnd ServeFault(CopyRun run)
    {
        StageEnd end = CopyFaults.Serve(run, out bool reached);
        if (run.State.Fault is null && !reached)
        {
            run.State = run.State with { IsBad = true };
        }

        return end;
    }

    /// <summary>Moves up to the next byte at which somebody acts, and takes what stops it.</summary>
    private static StageEnd MoveOn(CopyRun run)
    {
        int next = Math.Min(run.State.Wanted, run.Bed.Points?.NextByte(run.State.Number, run.State.Copied) ?? int.MaxValue);
        TellStolen(run);
        switch (UserBytes.Move(run, next, out PageFault fault))
        {
            case CopyStop.WindowFault:
                return Oops(run);
            case CopyStop.UserFault:
                return Met(run, fault);
            default:
                return next < run.State.Wanted ? run.Pass(CopyPoint.MidCopy) : StageEnd.Done;
        }
    }

    /// <summary>A fault at the user's address: served, or what the recipe has for it when the window is atomic.</summary>
    private static StageEnd Met(CopyRun run, in PageFault fault)
    {
        CopyFault way = WayOf(run);
        if (way is CopyFault.Short or CopyFault.Slow or CopyFault.Retried)
        {
            return Refused(run, fault, way);
        }

        if (way == CopyFault.FixedUp)
        {
            run.Bed.Counters.Add(WindowCounter.FixUps);
            _ = Close(run);
        }

        CopyFaults.Begin(run, fault);
        return StageEnd.Done;
    }

    private static CopyFault WayOf(CopyRun run)
    {
        CopyFault own = run.Bed.Recipe.OnFault;
        return run.State.IsAtomic
            ? run.Bed.Profile.Faults switch
            {
                AtomicFaults.Served => CopyFault.Served,
                AtomicFaults.Refused when own is CopyFault.Served or CopyFault.FixedUp => CopyFault.Short,
                _ => own,
            }
            : CopyFault.Served;
    }

    private static StageEnd Refused(CopyRun run, in PageFault fault, CopyFault way)
    {
        run.Bed.Counters.Add(WindowCounter.ShortCopies);
        CopyFaults.Tell(run, KernelEvent.AtomicRefused, fault.Cr2);
        if (run.Bed.Profile.ZeroesTail && run.State.Direction == CopyDirection.Write && UserBytes.ZeroRest(run) != CopyStop.None)
        {
            return Oops(run);
        }

        if (way != CopyFault.Slow)
        {
            run.State = run.State with { IsShort = true };
            return StageEnd.Done;
        }

        run.Bed.Counters.Add(WindowCounter.SlowCopies);
        _ = Close(run);
        run.State = run.State with { IsSlow = true, Copied = 0 };
        return StageEnd.Done;
    }

    /// <summary>Tells when the window leads to another frame than its own.</summary>
    private static void TellStolen(CopyRun run)
    {
        CopyState state = run.State;
        if (state.Register.Raw == 0 || run.Bed.Windows.Tables.Read(state.Register) is not { Present: true } entry || entry.Frame == state.Page!.Pfn)
        {
            return;
        }

        run.Bed.Counters.Add(WindowCounter.Stolen);
        run.Bed.Tell(KernelEvent.WindowStolen, new TraceEvent(KernelEvent.WindowStolen)
        {
            Address = state.Register,
            Frame = entry.Frame,
            Count = state.Page.Pfn.Raw,
            Number = state.Number,
        });
    }

    private static StageEnd Oops(CopyRun run)
    {
        run.Bed.Counters.Add(WindowCounter.Oopses);
        CopyFaults.Tell(run, KernelEvent.WindowOops, run.State.Register);
        return StageEnd.Oops;
    }
}
