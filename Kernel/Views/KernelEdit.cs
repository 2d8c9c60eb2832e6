using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Reclaim;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Views;

/// <summary>What a debugger may change in a run that stands still; each edit says what it changed.</summary>
/// <remarks>Listeners hear of it as of any other work of memory management, by cause <see cref="WorkCauseKind.Debugger"/>; no thread is charged with its faults.</remarks>
/// <param name="kernel">The run.</param>
public sealed class KernelEdit(MiniKernel kernel)
{
    private MemorySystem Mem => kernel.Memory;

    /// <summary>Writes memory of a space as ptrace does: also where the program may not write, unless the writing would reach others.</summary>
    /// <param name="space">The number of the space.</param>
    /// <param name="address">The first byte.</param>
    /// <param name="bytes">What is written.</param>
    /// <returns>
    /// What changed, up to the first page that could not be written. ESRCH when there is no such space; EFAULT where nothing is mapped, where a touch
    /// would be a signal, or for a shared mapping or pages of the kernel that the program may not write; ENOMEM when no frame can be had.
    /// </returns>
    /// <remarks>
    /// It goes through the program's fault handler: a shared page is copied first, a swapped one read back. What was decoded from the bytes is
    /// decoded again. Source: [Linux mm/memory.c, __access_remote_vm; mm/gup.c, check_vma_flags, FOLL_FORCE].
    /// </remarks>
    public KernelChange WriteMemory(int space, VirtAddr address, ReadOnlySpan<byte> bytes)
    {
        if (SpaceLook.Find(Mem, space) is not { } found)
        {
            return new KernelChange(Errno.ESRCH, 0, 0, 0, 0);
        }

        Work work = Begin();
        Errno errno = MemoryWriter.Write(kernel.System, found, address, bytes, out int done);
        return work.End(errno, done);
    }

    /// <summary>Gives a thread other registers: all of <see cref="TaskRegisters.User"/>; of RFLAGS the bits that ptrace lets change.</summary>
    /// <returns>What changed. ESRCH when no such thread lives; EIO for a base of FS or GS that is no user address, and then nothing changed.</returns>
    /// <remarks>
    /// A fault or a system call that the thread has come to is acted on all the same, a call by its new registers.
    /// Source: [Linux arch/x86/kernel/ptrace.c, putreg, FLAG_MASK].
    /// </remarks>
    public KernelChange WriteRegisters(int tid, TaskRegisters registers)
    {
        Work work = Begin();
        return work.End(RegisterWriter.Write(kernel.System, tid, registers.User), 0);
    }

    /// <summary>Purges volatile pages and discards lazily free, unwritten ones in a part of a space, as a pressure rule does everywhere.</summary>
    /// <returns>What changed; ESRCH when there is no such space.</returns>
    public KernelChange Purge(int space, VirtRange range)
    {
        if (SpaceLook.Find(Mem, space) is not { } found)
        {
            return new KernelChange(Errno.ESRCH, 0, 0, 0, 0);
        }

        Work work = Begin();
        VirtRange pages = new(range.Start.PageBase, new VirtAddr(VirtRange.PageAlign(range.End.Raw)));
        Pressure.Purge(Mem, found, pages.Intersect(new VirtRange(default, new VirtAddr(VirtRange.TaskSize))));
        return work.End(Errno.None, 0);
    }

    /// <summary>Does the same in every address space.</summary>
    public KernelChange PurgeAll()
    {
        Work work = Begin();
        Pressure.PurgeAll(Mem);
        return work.End(Errno.None, 0);
    }

    /// <summary>Reclaims up to <paramref name="frames"/> frames, whatever the watermarks say.</summary>
    public KernelChange Reclaim(ulong frames)
    {
        Work work = Begin();
        _ = Pressure.Reclaim(Mem, frames);
        return work.End(Errno.None, 0);
    }

    /// <summary>Makes all pages one step older: every A bit is cleared, used pages go to the young end of their lists.</summary>
    public KernelChange Age()
    {
        Work work = Begin();
        Reclaimer.Age(Mem);
        return work.End(Errno.None, 0);
    }

    private Work Begin()
    {
        Work work = new(kernel.System);
        kernel.System.Trace.Cause = new WorkCause(WorkCauseKind.Debugger, 0);
        Mem.Account = new FaultAccount(null);
        return work;
    }

    /// <summary>One edit: what was counted before it, and what is put back after it.</summary>
    private sealed class Work(TaskSystem system)
    {
        private readonly WorkCause _cause = system.Trace.Cause;
        private readonly FaultAccount _account = system.Memory.Account;
        private readonly ulong _taken = system.Memory.Counters[MmCounter.PgAlloc];
        private readonly ulong _freed = system.Memory.Counters[MmCounter.PgFree];
        private readonly ulong _written = system.Memory.Counters[MmCounter.PteWrite];

        public KernelChange End(Errno errno, int bytes)
        {
            (system.Trace.Cause, system.Memory.Account) = (_cause, _account);
            MmCounters now = system.Memory.Counters;
            return new KernelChange(
                errno, bytes, now[MmCounter.PgAlloc] - _taken, now[MmCounter.PgFree] - _freed, now[MmCounter.PteWrite] - _written);
        }
    }
}
