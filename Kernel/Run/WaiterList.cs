using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Run;

/// <summary>Lists who waits for what, for a run in which nothing can happen any more.</summary>
internal static class WaiterList
{
    /// <summary>Every thread that lives, and of processes that have ended the first one.</summary>
    public static IReadOnlyList<Waiter> Of(ProcessTable processes)
    {
        List<Waiter> waiters = [];
        foreach (Process process in processes.All)
        {
            foreach (UserThread thread in process.Threads)
            {
                if (thread.State != RunState.Dead || process.LiveThreads == 0)
                {
                    waiters.Add(Of(thread));
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
            null => On(WaitKind.Reaping),
            FutexWait wait => On(WaitKind.Futex) with { Address = wait.Word },
            LockWait wait => On(WaitKind.Lock) with { Address = wait.Word, Other = thread.Futex?.Owner?.Title },
            ReadableWait wait => On(WaitKind.Readable) with { Path = wait.File.Path },
            WritableWait wait => On(WaitKind.Writable) with { Path = wait.File.Path },
            ConnectionWait => On(WaitKind.Connection),
            PollWait => On(WaitKind.Poll),
            SelectWait => On(WaitKind.Select),
            EPollWait => On(WaitKind.EPoll),
            ChildWait => On(WaitKind.Child),
            VForkWait wait => On(WaitKind.VFork) with { Other = new TaskName("", wait.Child) },
            HandlerWait or SignalWait => On(WaitKind.Signal),
            SleepWait => On(WaitKind.Sleep),
            PageWait wait => On(WaitKind.Page) with { Address = wait.Fault.Cr2.PageBase },
            var cause => throw new System.Diagnostics.UnreachableException($"{cause} is no kind of wait"),
        };
    }
}
