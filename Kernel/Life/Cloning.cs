using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Life;

/// <summary>The flags of clone.</summary>
/// <remarks>Source: [Linux include/uapi/linux/sched.h].</remarks>
[Flags]
internal enum CloneFlags : ulong
{
    /// <summary>None: fork.</summary>
    None = 0,

    /// <summary>The low eight bits: the signal that tells the parent of the end.</summary>
    SignalMask = 0xFF,

    /// <summary>The same address space.</summary>
    Vm = 0x100,

    /// <summary>The same working directory and umask.</summary>
    Fs = 0x200,

    /// <summary>The same descriptors.</summary>
    Files = 0x400,

    /// <summary>The same signal actions.</summary>
    SigHand = 0x800,

    /// <summary>The parent waits until the child runs another program or ends.</summary>
    VFork = 0x4000,

    /// <summary>The caller wants a descriptor of the child.</summary>
    PidFd = 0x1000,

    /// <summary>The child has the caller's parent.</summary>
    Parent = 0x8000,

    /// <summary>A thread of the same process.</summary>
    Thread = 0x1_0000,

    /// <summary>The same list of semaphore adjustments, of which there are none.</summary>
    SysVSem = 0x4_0000,

    /// <summary>The FS base is given.</summary>
    SetTls = 0x8_0000,

    /// <summary>The child's id is written to the parent's memory.</summary>
    ParentSetTid = 0x10_0000,

    /// <summary>A word of the child is cleared when it ends.</summary>
    ChildClearTid = 0x20_0000,

    /// <summary>Says nothing any more.</summary>
    Detached = 0x40_0000,

    /// <summary>The child's id is written to its memory.</summary>
    ChildSetTid = 0x100_0000,

    /// <summary>Every flag that asks for a namespace of its own.</summary>
    Namespaces = 0x7E02_0000,

    /// <summary>Handlers become the default in the child; clone3 only.</summary>
    ClearSigHand = 0x1_0000_0000,

    /// <summary>The child begins in a given control group; clone3 only.</summary>
    IntoCgroup = 0x2_0000_0000,
}

/// <summary>What clone is asked for.</summary>
/// <param name="Flags">Flags and exit signal.</param>
/// <param name="Stack">RSP of the child; 0 for the parent's.</param>
/// <param name="ParentTid">Where the parent finds the id.</param>
/// <param name="ChildTid">Where the child finds the id, or what is cleared.</param>
/// <param name="Tls">FS base of the child.</param>
internal readonly record struct CloneRequest(CloneFlags Flags, ulong Stack, ulong ParentTid, ulong ChildTid, ulong Tls);

/// <summary>Makes processes out of processes, and threads: fork, vfork and clone.</summary>
/// <remarks>Source: [Linux kernel/fork.c, copy_process].</remarks>
internal static class Cloning
{
    private const CloneFlags ThreadOnly = CloneFlags.SigHand | CloneFlags.Files | CloneFlags.Fs;

    /// <summary>Makes a child of the thread that runs, or another thread of its process.</summary>
    /// <returns>
    /// The child's first thread, or the new thread; EINVAL for flags that exclude one another and for namespaces; ENOSYS for
    /// processes that share files or actions and for threads that do not; EPERM for a TLS address outside user space; EAGAIN
    /// when no id is free; ENOMEM.
    /// </returns>
    public static Result<UserThread> Clone(TaskSystem system, UserThread thread, in CloneRequest request)
    {
        Refusal refused = Check(request);
        int id = refused == Refusal.None ? system.Processes.NextPid() : 0;
        if (id == 0)
        {
            return refused == Refusal.None ? new Refusal(Errno.EAGAIN, ErrnoCause.NoTaskNumber) : refused;
        }

        return Has(request, CloneFlags.Thread) ? NewThread(system, thread, id, request) : NewProcess(system, thread, id, request);
    }

    private static Refusal Check(in CloneRequest request)
    {
        bool thread = Has(request, CloneFlags.Thread);
        bool contradicts = (thread && !Has(request, CloneFlags.SigHand))
            || (Has(request, CloneFlags.SigHand) && !Has(request, CloneFlags.Vm))
            || (Has(request, CloneFlags.SigHand) && Has(request, CloneFlags.ClearSigHand));
        if (contradicts || (request.Flags & CloneFlags.Namespaces) != 0)
        {
            return new Refusal(Errno.EINVAL, contradicts ? ErrnoCause.FlagsConflict : ErrnoCause.NoNamespaces);
        }

        if (Has(request, CloneFlags.SetTls) && request.Tls >= VirtRange.TaskSize)
        {
            return new Refusal(Errno.EPERM, ErrnoCause.BeyondUserSpace);
        }

        bool offered = (request.Flags & ThreadOnly) == (thread ? ThreadOnly : CloneFlags.None)
            && (request.Flags & (CloneFlags.PidFd | CloneFlags.Parent | CloneFlags.IntoCgroup)) == 0;
        return offered ? Refusal.None : new Refusal(Errno.ENOSYS, ErrnoCause.FlagsNotOffered);
    }

    private static bool Has(in CloneRequest request, CloneFlags flag) => (request.Flags & flag) != 0;

    private static UserThread NewThread(TaskSystem system, UserThread thread, int tid, in CloneRequest request)
    {
        UserThread next = CopyThread(system, thread, new UserThread(tid, thread.Process), request);
        next.Cpu = CpuFor(system, next);
        thread.Process.Threads.Add(next);
        WriteIds(system, next, request);
        system.Trace.For(KernelEvent.Task)?.Take(
            next, new TraceEvent(KernelEvent.Task) { Detail = new TaskDetail(TaskChange.ThreadBegan, thread.Process.ParentPid, 0, thread.Process.Program.Path) });
        return next;
    }

    private static Result<UserThread> NewProcess(TaskSystem system, UserThread thread, int pid, in CloneRequest request)
    {
        Process parent = thread.Process;
        if (!CopyMemory(system, parent, request.Flags).Has(out SharedSpace? memory, out Refusal refusal))
        {
            return refusal;
        }

        Process child = CopyProcess(system, parent, pid, memory);
        child.ExitSignal = (Signal)(request.Flags & CloneFlags.SignalMask);
        child.HoldsParent = Has(request, CloneFlags.VFork);
        if (Has(request, CloneFlags.ClearSigHand))
        {
            child.Actions.ResetHandlers();
        }

        UserThread first = CopyThread(system, thread, new UserThread(pid, child), request);
        first.Cpu = CpuFor(system, first);
        child.Threads.Add(first);
        parent.Children.Add(child);
        system.Processes.Add(child);
        system.ProcessesBegun++;
        WriteIds(system, first, request);
        system.Trace.For(KernelEvent.Task)?.Take(
            child, new TraceEvent(KernelEvent.Task) { Detail = new TaskDetail(TaskChange.Began, parent.Pid, 0, child.Program.Path) });
        return first;
    }

    private static Result<SharedSpace> CopyMemory(TaskSystem system, Process parent, CloneFlags flags)
    {
        if ((flags & CloneFlags.Vm) != 0)
        {
            return parent.Memory!.Share();
        }

        if (!Fork.Copy(system.Memory, parent.Space).Has(out AddressSpace? copy, out Refusal refusal))
        {
            return refusal;
        }

        system.Trace.For(KernelEvent.SpaceCopied)?.Take(
            new TraceEvent(KernelEvent.SpaceCopied) { Space = copy.Tag.Id, Number = (ulong)parent.Space.Tag.Id });
        return new SharedSpace(system.Memory, copy);
    }

    private static Process CopyProcess(TaskSystem system, Process parent, int pid, SharedSpace memory) => new(pid, parent)
    {
        WorkingDirectory = parent.WorkingDirectory,
        Program = parent.Program,
        Memory = memory,
        Files = parent.Files.Copy(),
        Umask = parent.Umask,
        Actions = parent.Actions.Copy(),
        StartedNs = system.Clock.NowNs,
        StackStart = parent.StackStart,
    };

    private static UserThread CopyThread(TaskSystem system, UserThread from, UserThread to, in CloneRequest request)
    {
        (to.Name, to.Blocked, to.Trap, to.Affinity) = (from.Name, from.Blocked, from.Trap, from.Affinity);
        to.AltStack = (request.Flags & (CloneFlags.Vm | CloneFlags.VFork)) == CloneFlags.Vm ? AltStack.None : from.AltStack;
        system.Core.Vcpu.Save(to.Registers);
        to.Registers.Registers[Gpr.Rax] = 0;
        if (request.Stack != 0)
        {
            to.Registers.Registers[Gpr.Rsp] = request.Stack;
        }

        if (Has(request, CloneFlags.SetTls))
        {
            to.Registers.FsBase = request.Tls;
        }

        if (Has(request, CloneFlags.ChildClearTid))
        {
            to.ClearOnExit = new VirtAddr(request.ChildTid);
        }

        return to;
    }

    /// <summary>The processor with the fewest threads that are not asleep, of those it may run on.</summary>
    private static int CpuFor(TaskSystem system, UserThread thread)
    {
        Span<int> loads = stackalloc int[system.Processors.Count];
        foreach (Process process in system.Processes.All)
        {
            foreach (UserThread other in process.Threads)
            {
                loads[other.Cpu] += other.State == RunState.Runnable ? 1 : 0;
            }
        }

        int best = -1;
        for (int i = 0; i < loads.Length; i++)
        {
            bool allowed = (thread.Affinity >> i & 1) != 0;
            best = allowed && (best < 0 || loads[i] < loads[best]) ? i : best;
        }

        return Math.Max(best, 0);
    }

    private static void WriteIds(TaskSystem system, UserThread child, in CloneRequest request)
    {
        if (Has(request, CloneFlags.ParentSetTid))
        {
            _ = system.Guest.TryWriteUInt32(request.ParentTid, (uint)child.Tid);
        }

        if (Has(request, CloneFlags.ChildSetTid))
        {
            ulong at = request.ChildTid;
            ContextSwitch.Within(system, child.Process.Space, () => _ = system.Guest.TryWriteUInt32(at, (uint)child.Tid));
        }
    }
}
