using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Takes the running thread's system call from its registers, has it answered, and puts the result back.</summary>
/// <param name="system">The parts of the kernel.</param>
public sealed class SyscallDispatcher(TaskSystem system)
{
    private const int Rax = 0;

    /// <summary>System calls begun.</summary>
    public ulong Count { get; private set; }

    /// <summary>Calls that nobody wrote, by number.</summary>
    public SortedDictionary<ulong, ulong> Unknown { get; } = [];

    /// <summary>Begins the call that <paramref name="thread"/> has just made.</summary>
    /// <returns>How it ended, or that the thread waits.</returns>
    public SyscallOutcome Begin(UserThread thread)
    {
        Count++;
        ulong number = system.Core.Vcpu[Rax];
        thread.Call = new CallInProgress(number, null, 0);
        Tell(KernelEvent.SyscallEntry, number, default);
        return Try(thread);
    }

    /// <summary>Makes a waiting call again.</summary>
    public SyscallOutcome Try(UserThread thread)
    {
        ulong number = thread.Call!.Value.Number;
        Vcpu vcpu = system.Core.Vcpu;
        SyscallRow? row = SyscallTable.Find(number);
        SyscallCall call = new(system, thread, vcpu[7], vcpu[6], vcpu[2], vcpu[10], vcpu[8], vcpu[9]);
        SyscallOutcome outcome = row is null ? Refuse(number) : row.Handler(call);
        switch (outcome.End)
        {
            case SyscallEnd.Returns:
                Finish(thread, number, outcome.Result);
                break;
            case SyscallEnd.KeepsRegisters:
                (thread.Call, thread.Wait) = (null, null);
                break;
            case SyscallEnd.Waits:
                thread.Call = new CallInProgress(number, outcome.Wait!.DeadlineNs, outcome.Done);
                thread.Wait = outcome.Wait;
                thread.State = RunState.Waiting;
                break;
        }

        return outcome;
    }

    private void Finish(UserThread thread, ulong number, SysResult result)
    {
        Tell(KernelEvent.SyscallReturn, number, result);
        system.Core.Vcpu[Rax] = unchecked((ulong)result.Rax);
        (thread.Call, thread.Wait) = (null, null);
        if (thread.State == RunState.Waiting)
        {
            thread.State = RunState.Runnable;
        }
    }

    private SyscallOutcome Refuse(ulong number)
    {
        bool first = !Unknown.TryGetValue(number, out ulong times);
        Unknown[number] = times + 1;
        if (first)
        {
            system.Diagnostics($"unknown system call {number} answered ENOSYS");
        }

        return Errno.ENOSYS;
    }

    private void Tell(TraceEventKind kind, ulong number, SysResult result)
    {
        if (system.Trace.For(kind) is { } trace)
        {
            SyscallRow? row = SyscallTable.Find(number);
            string arguments = row is null ? "" : ArgumentText.Of(system, row.Arguments);
            trace.Take(new TraceEvent(kind) { Number = number, Detail = new SyscallDetail(SyscallTable.NameOf(number), arguments, result) });
        }
    }
}
