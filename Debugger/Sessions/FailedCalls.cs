using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Remembers the last system call that the first process was refused; calls that the kernel does not have are tried by every C library.</summary>
internal sealed class FailedCalls : ITraceSink
{
    private int _first;

    /// <inheritdoc/>
    public TraceMask Wanted { get; } = TraceMask.Of(KernelEvent.Task, KernelEvent.SyscallReturn);

    /// <summary>That call; null when all succeeded.</summary>
    public SyscallDetail? Last { get; private set; }

    /// <summary>True when a process has run another program than it began with.</summary>
    public bool HasExecuted { get; private set; }

    /// <summary>T when it returned.</summary>
    public ulong LastTime { get; private set; }

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        if (happened.Detail is TaskDetail task)
        {
            HasExecuted |= task.Change == TaskChange.Executed && happened.Stamp.Time > 0;
            _first = _first == 0 ? happened.Stamp.Pid : _first;
        }
        else if (happened.Detail is SyscallDetail { Result: { IsOk: false, Errno: not Errno.ENOSYS } } call && happened.Stamp.Pid == _first)
        {
            (Last, LastTime) = (call, happened.Stamp.Time);
        }
    }
}
