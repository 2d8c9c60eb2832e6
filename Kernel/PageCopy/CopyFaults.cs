using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Locks;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Waiting;
using MmuEmu.Kernel.Windows;

namespace MmuEmu.Kernel.PageCopy;

/// <summary>Faults of copies: served with all that a fault sleeps for, mmap_sem, page locks, the swap device, a frame.</summary>
/// <remarks>Source: [Linux 2.5 arch/i386/mm/fault.c, do_page_fault; mm/memory.c, do_swap_page].</remarks>
internal static class CopyFaults
{
    /// <summary>A fault begins to be served; in an atomic state that is told.</summary>
    public static void Begin(CopyRun run, in PageFault fault)
    {
        run.State = run.State with { Fault = new FaultUnderway(fault) };
        if (run.State.IsAtomic)
        {
            run.Bed.Counters.Add(WindowCounter.AtomicFaults);
            Tell(run, KernelEvent.AtomicFault, fault.Cr2);
        }
    }

    /// <summary>Tells an event of a fault of the copy.</summary>
    public static void Tell(CopyRun run, TraceEventKind kind, VirtAddr address) => run.Bed.Tell(kind, new TraceEvent(kind)
    {
        Space = run.Space.Tag.Id,
        Address = address,
        Number = run.State.Number,
        Count = (ulong)run.State.Copied,
    });

    /// <summary>Goes on with the fault that the copy is in.</summary>
    /// <param name="run">The copy; its fault is gone when this is done.</param>
    /// <param name="reached">Out: true when the access may be tried again; false where user code would get a signal.</param>
    public static StageEnd Serve(CopyRun run, out bool reached)
    {
        reached = false;
        FaultUnderway underway = run.State.Fault!;
        if (Prepare(run, ref underway) is StageEnd.Sleeps)
        {
            return StageEnd.Sleeps;
        }

        LockGate gate = run.Bed.Gate;
        gate.IsLifted = true;
        FaultOutcome outcome = FaultHandler.Handle(run.Bed.Memory, run.Space, underway.Fault);
        gate.IsLifted = false;
        if (outcome.Wait is { } wait)
        {
            return run.Sleep(wait);
        }

        Leave(run, underway);
        reached = outcome.End == FaultEnd.Resume || (outcome.End == FaultEnd.OutOfMemory && run.Guest.RelieveMemory());
        return reached && underway.Slept ? run.Pass(CopyPoint.AfterSwapin) : StageEnd.Done;
    }

    /// <summary>Gives up a fault that is underway, and what is held for it.</summary>
    public static void Leave(CopyRun run, FaultUnderway underway)
    {
        if (underway.HasSem)
        {
            Sem(run).Leave(run.Tid, isWrite: false);
        }

        run.State = run.State with { Fault = null };
    }

    /// <summary>Takes what has to be had before the fault is handled.</summary>
    private static StageEnd Prepare(CopyRun run, ref FaultUnderway underway)
    {
        if (!underway.HasSem)
        {
            if (!Sem(run).TryEnter(run.Tid, isWrite: false))
            {
                return run.Sleep(new MmapSemWait(run.Space.Tag.Id, IsWrite: false));
            }

            Keep(run, underway = underway with { HasSem = true });
        }

        if (LockGate.LockedPage(run.Space, underway.Fault.Cr2) is { } page)
        {
            return run.Sleep(new PageLockWait(page.Pfn));
        }

        return underway.Slept || !NeedsDevice(run.Bed.Memory, run, underway.Fault.Cr2) ? StageEnd.Done : AskDevice(run, ref underway);
    }

    private static StageEnd AskDevice(CopyRun run, ref FaultUnderway underway)
    {
        if (!underway.Announced)
        {
            Keep(run, underway = underway with { Announced = true });
            if (run.Pass(CopyPoint.BeforeFaultSleep) == StageEnd.Sleeps)
            {
                return StageEnd.Sleeps;
            }
        }

        Keep(run, underway = underway with { Slept = true });
        return run.Sleep(new DeviceWait(), run.NowNs + CopyBed.SwapReadNs);
    }

    private static void Keep(CopyRun run, FaultUnderway underway) => run.State = run.State with { Fault = underway };

    private static MmapSem Sem(CopyRun run) => run.Bed.Locks.SemOf(run.Space.Tag.Id);

    /// <summary>True when the page is in swap alone.</summary>
    private static bool NeedsDevice(MemorySystem mem, CopyRun run, VirtAddr address)
    {
        Pte entry = mem.Editor.Find(run.Space.Tables, address).Entry;
        return mem.SoftPtes.KindOf(entry) == SoftPteKind.Swap && mem.Swap.FindCached(SoftPteFormat.SwapOf(entry)) is null;
    }
}
