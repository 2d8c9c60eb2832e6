using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Delivery;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Life;

/// <summary>The end of a process, and what its family learns of it.</summary>
/// <remarks>Source: [Linux kernel/exit.c, do_exit, exit_notify, forget_original_parent].</remarks>
internal static class ProcessEnd
{
    /// <summary>Ends a process: files, memory and children go; the parent learns <paramref name="status"/>.</summary>
    public static void End(TaskSystem system, Process process, WaitStatus status)
    {
        if (process.State is ProcessState.Zombie or ProcessState.Reaped)
        {
            return;
        }

        foreach (UserThread thread in process.Threads)
        {
            ThreadEnd.LetGo(system, thread);
        }

        foreach (Processor processor in system.Processors.All)
        {
            if (processor.Current?.Process == process)
            {
                ContextSwitch.Leave(processor);
            }
        }

        process.Files.CloseAll();
        process.LeftPeakPages = process.Used.PeakPages;
        process.Memory?.Leave();
        (process.Memory, process.HoldsParent) = (null, false);
        process.Threads.RemoveAll(thread => thread.Tid != process.Pid);
        (process.State, process.Status, process.StatusIsNews) = (ProcessState.Zombie, status, true);
        process.AlarmNs = VirtualClock.Never;
        process.Timers.Clear();
        system.Trace.For(KernelEvent.Task)?.Take(
            process, new TraceEvent(KernelEvent.Task) { Detail = new TaskDetail(TaskChange.Ended, process.ParentPid, status.Raw, process.Program.Path) });
        Orphan(system, process);
        TellParent(system, process);
    }

    /// <summary>The parent knows: nothing is left.</summary>
    public static void Reap(TaskSystem system, Process process)
    {
        process.State = ProcessState.Reaped;
        if (process.Parent is { } parent)
        {
            _ = parent.Children.Remove(process);
            parent.OfChildren += process.Used + process.OfChildren;
        }

        system.Processes.Remove(process);
    }

    private static void Orphan(TaskSystem system, Process process)
    {
        foreach (Process child in (List<Process>)[.. process.Children])
        {
            child.Parent = null;
            if (child.State == ProcessState.Zombie)
            {
                Reap(system, child);
            }
        }

        process.Children.Clear();
    }

    private static void TellParent(TaskSystem system, Process process)
    {
        if (process.Parent is not { } parent)
        {
            Reap(system, process);
            return;
        }

        SignalAction action = parent.Actions[Signal.SIGCHLD];
        bool unwanted = process.ExitSignal == Signal.SIGCHLD
            && (action.Handler.Raw == SignalAction.Ignore || action.Has(ActionFlags.NoChildWait));
        if (process.ExitSignal != Signal.None)
        {
            bool killed = process.Status.Signal != Signal.None;
            SignalSend.ToProcess(parent, new SigInfo(process.ExitSignal, killed ? SigCode.CldKilled : SigCode.CldExited, default)
            {
                Pid = process.Pid,
                Value = killed ? (int)process.Status.Signal : process.Status.ExitCode,
            });
        }

        if (unwanted)
        {
            Reap(system, process);
        }
    }
}
