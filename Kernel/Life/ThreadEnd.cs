using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Life;

/// <summary>The end of single threads; the last one takes its process along.</summary>
/// <remarks>Source: [Linux kernel/exit.c, do_exit; kernel/fork.c, mm_release; fs/exec.c, de_thread].</remarks>
internal static class ThreadEnd
{
    /// <summary>The thread calls exit with <paramref name="status"/>, which is the process's if it is the last one.</summary>
    /// <remarks>A first thread stays as a zombie until all others have ended. Source: [Linux kernel/exit.c, synchronize_group_exit].</remarks>
    public static void Exit(TaskSystem system, UserThread thread, WaitStatus status)
    {
        Process process = thread.Process;
        if (process.LiveThreads == 1)
        {
            ProcessEnd.End(system, process, status);
            return;
        }

        LetGo(system, thread);
        ContextSwitch.TakeOff(system, thread);
        if (thread.Tid != process.Pid)
        {
            process.Threads.Remove(thread);
        }

        system.Trace.For(KernelEvent.Task)?.Take(
            thread, new TraceEvent(KernelEvent.Task) { Detail = new TaskDetail(TaskChange.ThreadEnded, process.ParentPid, status.Raw, process.Program.Path) });
    }

    /// <summary>execve: every other thread of the process ends, and the caller takes the process's id.</summary>
    public static void EndOthers(TaskSystem system, UserThread survivor)
    {
        Process process = survivor.Process;
        foreach (UserThread other in (List<UserThread>)[.. process.Threads])
        {
            if (other != survivor)
            {
                LetGo(system, other);
                ContextSwitch.TakeOff(system, other);
                process.Threads.Remove(other);
            }
        }

        survivor.TakeId(process.Pid);
    }

    /// <summary>Releases what the thread holds in user memory, and ends it; its space still lives.</summary>
    internal static void LetGo(TaskSystem system, UserThread thread)
    {
        if (thread.State == RunState.Dead)
        {
            return;
        }

        system.Futexes.Remove(thread);
        SleepingCopy.GiveUp(system, thread);
        if (thread.Process.Memory is { } memory)
        {
            ContextSwitch.Within(system, memory.Space, () => LeaveMemory(system, thread, memory));
        }

        (thread.State, thread.Wait, thread.Call) = (RunState.Dead, null, null);
        if (thread.ExpectedFault is { } expected)
        {
            system.BrokenExpectation ??= new BrokenExpectation(thread.Title, expected, null);
        }
    }

    private static void LeaveMemory(TaskSystem system, UserThread thread, SharedSpace memory)
    {
        FutexExit.Leave(system, thread);
        VirtAddr word = thread.ClearOnExit;
        bool othersCanSee = thread.Process.LiveThreads > 1 || memory.IsShared;
        thread.ClearOnExit = default;
        if (word.Raw != 0 && othersCanSee && system.Guest.TryWriteUInt32(word.Raw, 0))
        {
            system.Futexes.Wake(FutexKey.Of(memory.Space, word, FutexSharing.Shared), 1, FutexTable.AnyBits);
        }
    }
}
