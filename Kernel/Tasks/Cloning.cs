using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Tasks;

/// <summary>The flags of clone.</summary>
/// <remarks>Source: [Linux include/uapi/linux/sched.h].</remarks>
[Flags]
public enum CloneFlags : ulong
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

    /// <summary>A thread of the same process.</summary>
    Thread = 0x1_0000,

    /// <summary>The FS base is given.</summary>
    SetTls = 0x8_0000,

    /// <summary>The child's id is written to the parent's memory.</summary>
    ParentSetTid = 0x10_0000,

    /// <summary>A word of the child is cleared when it ends.</summary>
    ChildClearTid = 0x20_0000,

    /// <summary>The child's id is written to its memory.</summary>
    ChildSetTid = 0x100_0000,
}

/// <summary>What clone is asked for.</summary>
/// <param name="Flags">Flags and exit signal.</param>
/// <param name="Stack">RSP of the child; 0 for the parent's.</param>
/// <param name="ParentTid">Where the parent finds the id.</param>
/// <param name="ChildTid">Where the child finds the id, or what is cleared.</param>
/// <param name="Tls">FS base of the child.</param>
public readonly record struct CloneRequest(CloneFlags Flags, ulong Stack, ulong ParentTid, ulong ChildTid, ulong Tls);

/// <summary>Makes processes out of processes: fork, vfork and clone.</summary>
/// <remarks>Source: [Linux kernel/fork.c, copy_process].</remarks>
public static class Cloning
{
    private const CloneFlags NotOffered = CloneFlags.Thread | CloneFlags.SigHand | CloneFlags.Files | CloneFlags.Fs;
    private const int Rsp = 4;
    private const int Rax = 0;

    /// <summary>Makes a child of the thread that runs.</summary>
    /// <returns>The child; ENOSYS for threads and for sharing files or actions; EAGAIN when no id is free; ENOMEM.</returns>
    public static Result<Process> Clone(TaskSystem system, UserThread thread, in CloneRequest request)
    {
        if ((request.Flags & NotOffered) != 0)
        {
            return Errno.ENOSYS;
        }

        int pid = system.Processes.NextPid();
        if (pid == 0)
        {
            return Errno.EAGAIN;
        }

        Process parent = thread.Process;
        if (!CopyMemory(system, parent, request.Flags).Ok(out SharedSpace? memory, out Errno errno))
        {
            return errno;
        }

        Process child = CopyProcess(system, parent, pid, memory);
        child.ExitSignal = (Signal)(request.Flags & CloneFlags.SignalMask);
        child.HoldsParent = (request.Flags & CloneFlags.VFork) != 0;
        UserThread first = CopyThread(system, thread, child, request);
        child.Threads.Add(first);
        parent.Children.Add(child);
        system.Processes.Add(child);
        system.ProcessesBegun++;
        WriteIds(system, child, request);
        system.Trace.For(TraceKinds.Task)?.OnTask(
            new TaskEvent(system.Trace.Stamp with { Pid = pid }, TaskChange.Began, parent.Pid, 0, child.Program.Path));
        return child;
    }

    private static Result<SharedSpace> CopyMemory(TaskSystem system, Process parent, CloneFlags flags)
    {
        if ((flags & CloneFlags.Vm) != 0)
        {
            return parent.Memory!.Share();
        }

        return Fork.Copy(system.Memory, parent.Space).Ok(out AddressSpace? copy, out Errno errno)
            ? new SharedSpace(system.Memory, copy)
            : errno;
    }

    private static Process CopyProcess(TaskSystem system, Process parent, int pid, SharedSpace memory) => new(pid, parent)
    {
        WorkingDirectory = parent.WorkingDirectory,
        Program = parent.Program,
        Memory = memory,
        Files = parent.Files.Copy(),
        Umask = parent.Umask,
        Name = parent.Name,
        Actions = parent.Actions.Copy(),
        StartedNs = system.Clock.NowNs,
        StackStart = parent.StackStart,
    };

    private static UserThread CopyThread(TaskSystem system, UserThread thread, Process child, in CloneRequest request)
    {
        UserThread first = new(child.Pid, child)
        {
            Blocked = thread.Blocked,
            AltStack = (request.Flags & (CloneFlags.Vm | CloneFlags.VFork)) == CloneFlags.Vm ? default : thread.AltStack,
            Trap = thread.Trap,
        };
        system.Core.Vcpu.Save(first.Registers);
        first.Registers.Registers[Rax] = 0;
        if (request.Stack != 0)
        {
            first.Registers.Registers[Rsp] = request.Stack;
        }

        if ((request.Flags & CloneFlags.SetTls) != 0)
        {
            first.Registers.FsBase = request.Tls;
        }

        if ((request.Flags & CloneFlags.ChildClearTid) != 0)
        {
            first.ClearOnExit = new VirtAddr(request.ChildTid);
        }

        return first;
    }

    private static void WriteIds(TaskSystem system, Process child, in CloneRequest request)
    {
        if ((request.Flags & CloneFlags.ParentSetTid) != 0)
        {
            _ = system.Guest.TryWriteUInt32(request.ParentTid, (uint)child.Pid);
        }

        if ((request.Flags & CloneFlags.ChildSetTid) != 0)
        {
            AddressSpace parent = system.Guest.Space!;
            ContextSwitch.Enter(system, child.Space);
            _ = system.Guest.TryWriteUInt32(request.ChildTid, (uint)child.Pid);
            ContextSwitch.Enter(system, parent);
        }
    }
}
