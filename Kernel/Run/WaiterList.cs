using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Run;

/// <summary>Lists what each thread does, and who waits for what.</summary>
internal static class WaiterList
{
    private const uint TidMask = 0x3FFF_FFFF;
    private const ulong GlibcOwner = 8;

    /// <summary>Every thread that lives, and of processes that have ended the first one.</summary>
    public static IReadOnlyList<Waiter> Of(TaskSystem system)
    {
        List<Waiter> waiters = [];
        foreach (Process process in system.Processes.All)
        {
            foreach (UserThread thread in process.Threads)
            {
                if (thread.State != RunState.Dead || process.LiveThreads == 0)
                {
                    waiters.Add(Of(system, thread));
                }
            }
        }

        return waiters;
    }

    /// <summary>One thread and what it waits for.</summary>
    public static Waiter Of(UserThread thread)
    {
        Waiter On(WaitKind kind) => new(thread.Title, kind);
        return thread.Process.State == ProcessState.Stopped ? On(WaitKind.Continue) : thread.Wait?.Cause switch
        {
            null => On(thread.State == RunState.Runnable ? WaitKind.Nothing : WaitKind.Reaping),
            FutexWait wait => On(WaitKind.Futex) with { Address = wait.Word },
            LockWait wait => On(WaitKind.Lock) with { Address = wait.Word, Other = thread.Futex?.Owner?.Title },
            ReadableWait wait => On(WaitKind.Readable) with { Path = wait.File.Path },
            WritableWait wait => On(WaitKind.Writable) with { Path = wait.File.Path },
            ConnectionWait => On(WaitKind.Connection),
            FileLockWait wait => On(WaitKind.FileLock) with { Path = wait.Request.File.Path, Other = new TaskName("", wait.Blocker.Pid) },
            PollWait => On(WaitKind.Poll),
            SelectWait => On(WaitKind.Select),
            EPollWait => On(WaitKind.EPoll),
            ChildWait => On(WaitKind.Child),
            VForkWait wait => On(WaitKind.VFork) with { Other = new TaskName("", wait.Child) },
            HandlerWait or SignalWait => On(WaitKind.Signal),
            SleepWait => On(WaitKind.Sleep),
            PageLockWait => On(WaitKind.PageLock),
            MmapSemWait => On(WaitKind.MmapSem),
            WindowWait => On(WaitKind.Window),
            FrameWait => On(WaitKind.Frame),
            DeviceWait => On(WaitKind.Device),
            VainCopyWait wait => On(WaitKind.VainCopy) with { Address = wait.User },
            HoldWait wait => On(WaitKind.Mark) with { Path = wait.Mark },
            PageWait wait => On(WaitKind.Page) with { Address = wait.Fault.Cr2.PageBase },
            var cause => throw new System.Diagnostics.UnreachableException($"{cause} is no kind of wait"),
        };
    }

    /// <summary>One thread, what it waits for, the call that it is in, and of a futex who seems to hold it.</summary>
    public static Waiter Of(TaskSystem system, UserThread thread)
    {
        Waiter waiter = Of(thread) with { Call = thread.Call?.Number };
        return waiter.Kind switch
        {
            WaitKind.Nothing => waiter with { Address = RipOf(system, thread) },
            WaitKind.Futex => waiter with { Other = OwnerOf(system, thread, waiter.Address) },
            WaitKind.PageLock or WaitKind.MmapSem => waiter with { Other = BlockerOf(system, thread) },
            _ => waiter,
        };
    }

    private static TaskName? BlockerOf(TaskSystem system, UserThread thread)
    {
        foreach (int tid in LockCycles.BlockersOf(system, system.Copies!.Locks, thread))
        {
            return system.Processes.FindThread(tid)?.Title;
        }

        return null;
    }

    private static VirtAddr RipOf(TaskSystem system, UserThread thread)
    {
        foreach (Processor processor in system.Processors.All)
        {
            if (processor.Current == thread)
            {
                return new VirtAddr(processor.Core.Vcpu.Rip);
            }
        }

        return new VirtAddr(thread.Registers.Rip);
    }

    /// <summary>The other thread of the process whose id is in the word, as robust and musl's mutexes have it, or 8 bytes behind it, as glibc's have.</summary>
    private static TaskName? OwnerOf(TaskSystem system, UserThread waiter, VirtAddr word)
    {
        return Owner(word) ?? Owner(word + GlibcOwner);

        TaskName? Owner(VirtAddr at)
        {
            TableEntry found = system.Memory.Editor.Find(waiter.Process.Space.Tables, at);
            bool readable = found.Entry.Present && at.Raw % 4 == 0;
            ulong words = readable ? system.Memory.Ram.ReadUInt64(found.Entry.LeafFrame(found.Size).Base + (at.Raw & (found.Size.Bytes() - 8))) : 0;
            uint tid = (uint)(words >> (at.Raw % 8 == 0 ? 0 : 32));
            foreach (UserThread other in waiter.Process.Threads)
            {
                if (other != waiter && other.Tid == (tid & TidMask))
                {
                    return other.Title;
                }
            }

            return null;
        }
    }
}
