using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.UserCopy;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>Takes the running thread's system call from its registers, has it answered, and puts the result back.</summary>
/// <param name="system">The parts of the kernel.</param>
internal sealed class SyscallDispatcher(TaskSystem system) : IStateful
{
    /// <summary>System calls begun.</summary>
    public ulong Count { get; private set; }

    /// <summary>Calls that nobody wrote, by number.</summary>
    public SortedDictionary<ulong, ulong> Unknown { get; } = [];

    /// <summary>Begins the call <paramref name="number"/> that <paramref name="thread"/> has just made; a call that nobody wrote has no row.</summary>
    /// <returns>How it ended, or that the thread waits.</returns>
    public SyscallOutcome Begin(UserThread thread, ulong number, SyscallRow? row)
    {
        Count++;
        thread.Call = new CallInProgress(number, null, 0);
        if (system.Trace.For(KernelEvent.SyscallEntry) is { } trace)
        {
            Tell(trace, KernelEvent.SyscallEntry, number, row, default);
        }

        return Try(thread, row);
    }

    /// <summary>Makes a waiting call again, whose row is <paramref name="row"/>.</summary>
    public SyscallOutcome Try(UserThread thread, SyscallRow? row)
    {
        CallInProgress begun = thread.Call!.Value;
        ulong number = begun.Number;
        SyscallOutcome outcome;
        if (system.Memory.FaultGate is null && begun.Kept is null)
        {
            outcome = Answer(thread, number, row);
            if (outcome.End == SyscallEnd.Waits)
            {
                thread.Call = new CallInProgress(number, outcome.Wait!.DeadlineNs, outcome.Done) { Copy = outcome.Copy };
            }
        }
        else
        {
            outcome = TryHeld(thread, begun, row);
        }

        switch (outcome.End)
        {
            case SyscallEnd.Returns:
                Finish(thread, number, row, outcome.Result);
                break;
            case SyscallEnd.KeepsRegisters:
                (thread.Call, thread.Wait) = (null, null);
                break;
            case SyscallEnd.Waits:
                thread.Sleep(outcome.Wait!);
                LockCycles.Look(system, thread);
                break;
        }

        return outcome;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SyscallOutcome Answer(UserThread thread, ulong number, SyscallRow? row)
    {
        system.Guest.ForgetFault();
        Vcpu vcpu = system.Core.Vcpu;
        SyscallCall call = CompatTable.IsCompat(number)
            ? CompatCall(thread, vcpu)
            : new(system, thread, vcpu[Gpr.Rdi], vcpu[Gpr.Rsi], vcpu[Gpr.Rdx], vcpu[Gpr.R10], vcpu[Gpr.R8], vcpu[Gpr.R9]);
        return row is null ? Refuse(number)
            : system.Copies is not null && row.ChangesMappings ? MmapSemCalls.Make(call, row)
            : row.Handler(call);
    }

    /// <summary>The arguments of INT 80H: 32 bits each.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private SyscallCall CompatCall(UserThread thread, Vcpu vcpu) => new(
        system, thread, (uint)vcpu[Gpr.Rbx], (uint)vcpu[Gpr.Rcx], (uint)vcpu[Gpr.Rdx], (uint)vcpu[Gpr.Rsi], (uint)vcpu[Gpr.Rdi], (uint)vcpu[Gpr.Rbp]);

    private void Finish(UserThread thread, ulong number, SyscallRow? row, SysResult result)
    {
        if (system.Trace.For(KernelEvent.SyscallReturn) is { } trace)
        {
            Tell(trace, KernelEvent.SyscallReturn, number, row, result);
        }

        if (result.Errno == Errno.EFAULT && system.Trace.For(KernelEvent.CopyRefused) is { } listener)
        {
            Tell(listener, KernelEvent.CopyRefused, number, row, result);
        }

        system.Core.Vcpu[Gpr.Rax] = unchecked((ulong)result.Rax);
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
            system.Notices(new Notice(NoticeKind.UnknownSyscall) { Number = number });
        }

        return Errno.ENOSYS;
    }

    /// <summary>Makes a call whose copies may meet pages that are held back.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private SyscallOutcome TryHeld(UserThread thread, in CallInProgress begun, SyscallRow? row)
    {
        HeldCopies held = system.Guest.Held;
        held.Begin(system.Guest.Space);
        SyscallOutcome outcome = begun.Kept is null ? Answer(thread, begun.Number, row) : HeldCall.Resume(system, begun) ?? Answer(thread, begun.Number, row);
        if (HeldCall.Waits(held, thread, begun, outcome) is { } waits)
        {
            outcome = waits;
        }

        held.Begin(null);
        return outcome;
    }

    /// <summary>Apart from the calling, which need not clear room for an event that nobody takes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Tell(Tracer trace, TraceEventKind kind, ulong number, SyscallRow? row, SysResult result)
    {
        string arguments = row is null ? "" : ArgumentText.Of(system, number, row.Arguments, kind == KernelEvent.SyscallReturn ? result : null);
        FaultOutcome fault = result.Errno == Errno.EFAULT ? system.Guest.LastFault : default;
        SyscallDetail detail = new(row?.Name ?? SyscallTable.NameOf(number), arguments, result)
        {
            Answer = row?.Answer ?? RaxMeaning.Count,
            Compat = CompatTable.IsCompat(number),
            BadAccess = fault.End == FaultEnd.Deliver ? new BadAccess(fault.Signal.Address, fault.Kind) : null,
        };
        bool refused = kind == KernelEvent.CopyRefused;
        trace.Take(new TraceEvent(kind)
        {
            Space = refused ? system.Guest.Space?.Tag.Id ?? 0 : 0,
            Address = refused && detail.BadAccess is { } bad ? bad.Address : default,
            Number = number,
            Detail = detail,
        });
    }

    object IStateful.Save(object? last) => (Count, (KeyValuePair<ulong, ulong>[])[.. Unknown]);

    void IStateful.Restore(object state)
    {
        (Count, KeyValuePair<ulong, ulong>[] unknown) = ((ulong, KeyValuePair<ulong, ulong>[]))state;
        SavedItems.PutBack(Unknown, unknown);
    }
}
