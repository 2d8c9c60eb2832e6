using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Views;

/// <summary>Looks at threads and processes.</summary>
internal static class TaskLook
{
    /// <summary>All threads.</summary>
    public static IReadOnlyList<TaskView> All(MiniKernel kernel)
    {
        List<TaskView> tasks = [];
        foreach (Process process in kernel.System.Processes.All)
        {
            foreach (UserThread thread in process.Threads)
            {
                tasks.Add(At(kernel, thread));
            }
        }

        return tasks;
    }

    /// <summary>One thread.</summary>
    public static TaskView At(MiniKernel kernel, UserThread thread)
    {
        TaskSystem system = kernel.System;
        Processor? holder = RegisterLook.HolderOf(system, thread);
        ulong? call = CallOf(kernel, thread);
        bool isAtFault = kernel.Pending == CoreExitKind.PageFault && system.Current == thread;
        return new TaskView(thread.Process.Pid, thread.Tid, thread.Name)
        {
            IsAtWork = system.Current == thread,
            Processor = thread.Cpu,
            IsLoaded = holder is not null,
            Rip = new VirtAddr(holder?.Core.Vcpu.Rip ?? thread.Registers.Rip),
            Wait = WaiterList.Of(system, thread),
            Call = call,
            CallName = call is { } number ? NameOf(thread, number) : "",
            Fault = isAtFault ? system.Core.Vcpu.Exit.Fault : default(PageFault?),
            Pending = Listed(thread.Pending.Set),
            ProcessPending = Listed(thread.Process.Pending.Set),
            Blocked = Listed(thread.Blocked),
            Instructions = thread.Instructions,
        };
    }

    /// <summary>The system call that a thread is in, or has come to; null in user code.</summary>
    public static ulong? CallOf(MiniKernel kernel, UserThread thread)
    {
        if (thread.Call is { } call)
        {
            return call.Number;
        }

        Vcpu vcpu = kernel.Core.Vcpu;
        bool isAtCall = kernel.Pending == CoreExitKind.Syscall && kernel.System.Current == thread;
        return !isAtCall ? null : (uint)vcpu[Gpr.Rax] + (vcpu.Exit.Vector == CoreExit.CallGate ? CallInProgress.CompatBase : 0);
    }

    /// <summary>All processes.</summary>
    public static IReadOnlyList<ProcessView> Processes(TaskSystem system)
    {
        List<ProcessView> processes = [];
        foreach (Process process in system.Processes.All)
        {
            List<TaskName> threads = [];
            foreach (UserThread thread in process.Threads)
            {
                threads.Add(thread.Title);
            }

            processes.Add(new ProcessView(process.Pid, process.ParentPid, process.Name)
            {
                Space = process.Memory?.Space.Tag.Id,
                Threads = threads,
                Path = process.Program.Path,
                Location = process.Program.Location,
                Arguments = [.. process.Program.Arguments],
                Environment = [.. process.Program.Environment],
                AuxiliaryVector = (byte[])[.. process.Program.AuxiliaryVector],
            });
        }

        return processes;
    }

    private static string NameOf(UserThread thread, ulong number)
    {
        SyscallRow? row = thread.Process.Memory is { } memory ? SyscallTable.Find(number, memory.Space.Meanings) : null;
        return row?.Name ?? SyscallTable.NameOf(number);
    }

    private static List<Signal> Listed(SignalSet set)
    {
        List<Signal> signals = [];
        for (; !set.IsEmpty; set -= SignalSet.Of(set.Lowest))
        {
            signals.Add(set.Lowest);
        }

        return signals;
    }
}
