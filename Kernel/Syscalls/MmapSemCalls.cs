using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Locks;
using MmuEmu.Kernel.PageCopy;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>The calls that take mmap_sem for writing, where tasks can sleep with it.</summary>
/// <remarks>mmap with MAP_POPULATE fills its pages while it holds the semaphore, as kernels of 2002 did.</remarks>
internal static class MmapSemCalls
{
    /// <summary>Makes the call with the semaphore held; waits for it.</summary>
    public static SyscallOutcome Make(in SyscallCall call, SyscallRow row)
    {
        MmapSem sem = call.System.Copies!.Locks.SemOf(call.Space.Tag.Id);
        bool resumes = call.Done != 0;
        if (!resumes && !sem.TryEnter(call.Thread.Tid, isWrite: true))
        {
            return SyscallOutcome.Until(new WaitFor(new MmapSemWait(call.Space.Tag.Id, IsWrite: true), VirtualClock.Never, Interruption.Never));
        }

        SyscallOutcome outcome = row.Handler == MemorySyscalls.Mmap ? Filled(call, row, resumes) : row.Handler(call);
        if (outcome.End != SyscallEnd.Waits)
        {
            sem.Leave(call.Thread.Tid, isWrite: true);
        }

        return outcome;
    }

    /// <summary>mmap, and then its pages one by one: one that is locked is waited for.</summary>
    private static SyscallOutcome Filled(in SyscallCall call, SyscallRow row, bool resumes)
    {
        MapFlags flags = (MapFlags)call.A3;
        SyscallOutcome outcome = resumes ? SyscallOutcome.Of(call.Done) : row.Handler(call with { A3 = (ulong)(flags & ~MapFlags.Populate) });
        if ((flags & MapFlags.Populate) == 0 || (flags & MapFlags.NonBlock) != 0 || !outcome.Result.IsOk)
        {
            return outcome;
        }

        ulong start = (ulong)outcome.Result.Rax;
        for (ulong at = start; at < start + VirtRange.PageAlign(call.A1); at += 4096)
        {
            if (LockGate.LockedPage(call.Space, new VirtAddr(at)) is { } page)
            {
                return SyscallOutcome.Until(new WaitFor(new PageLockWait(page.Pfn), VirtualClock.Never, Interruption.Never), start);
            }

            if (!TryFill(call, new VirtAddr(at)))
            {
                break;
            }
        }

        return outcome;
    }

    /// <summary>Fills a page as populating does; the first that cannot be had ends it, and mmap succeeds nevertheless.</summary>
    /// <remarks>Source: [Linux mm/gup.c, __mm_populate], which goes on with the next mapping then.</remarks>
    private static bool TryFill(in SyscallCall call, VirtAddr at)
    {
        LockGate gate = call.System.Copies!.Gate;
        bool writes = ((Prot)call.A2 & Prot.Write) != 0 && ((MapFlags)call.A3 & MapFlags.Shared) == 0;
        gate.IsLifted = true;
        Refusal refusal = call.System.Memory.Filler?.Fill(call.Space, at, writes ? AccessKind.Write : AccessKind.Read) ?? Refusal.None;
        gate.IsLifted = false;
        return refusal == Refusal.None;
    }
}
