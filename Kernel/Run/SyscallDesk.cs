using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>Serves system calls, and what hangs on them: prices, pressure rules, marks.</summary>
internal sealed class SyscallDesk(TaskSystem system, PressureSchedule pressure, StopWatch stops) : IWholeOfParts
{
    private readonly SyscallDispatcher _dispatcher = new(system);

    /// <summary>The name of the call that is about to begin.</summary>
    public string NameAtEntry => NameOf(RowOf(system.Current!, NumberAtEntry), NumberAtEntry);

    /// <summary>EAX says which call it is, at either door.</summary>
    /// <remarks>Source: [Linux arch/x86/entry/syscall_64.c, do_syscall_64; syscall_32.c, do_int80_emulation].</remarks>
    private ulong NumberAtEntry
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            Vcpu vcpu = system.Core.Vcpu;
            uint number = (uint)vcpu[Gpr.Rax];
            return vcpu.Exit.Vector == CoreExit.CallGate && vcpu.Exit.Kind == CoreExitKind.Syscall ? CompatTable.FirstNumber + number : number;
        }
    }

    /// <summary>Serves the call that <paramref name="thread"/> has just made.</summary>
    public void Serve(UserThread thread)
    {
        ulong number = NumberAtEntry;
        SyscallRow? row = RowOf(thread, number);
        string name = NameOf(row, number);
        pressure.AtEntry(name);
        if (row?.Price is { } path)
        {
            system.Memory.Cost?.Charge(path, 1);
        }

        // Explanations tell of it: the range, and the third argument.
        if (row is { InHistory: true } && system.Trace.For(KernelEvent.RangeCall) is { } trace)
        {
            Tell(trace, thread, row);
        }

        system.Trace.Cause = new WorkCause(WorkCauseKind.Syscall, row?.Id ?? number);
        ulong refusals = system.Memory.Report.Refusals;
        SyscallOutcome outcome = _dispatcher.Begin(thread, number, row);
        NoteShortage(thread, row, refusals, outcome);
        Finish(name, outcome);
    }

    /// <summary>Makes the call again that <paramref name="thread"/> waited in.</summary>
    public void TryAgain(UserThread thread)
    {
        ulong number = thread.Call!.Value.Number;
        SyscallRow? row = RowOf(thread, number);
        system.Trace.Cause = new WorkCause(WorkCauseKind.Syscall, row?.Id ?? number);
        ulong refusals = system.Memory.Report.Refusals;
        SyscallOutcome outcome = _dispatcher.Try(thread, row);
        NoteShortage(thread, row, refusals, outcome);
        Finish(NameOf(row, number), outcome);
    }

    /// <summary>Copies the counts.</summary>
    public void CopyCounts(RunStatistics statistics)
    {
        statistics.Syscalls = _dispatcher.Count;
        statistics.Instructions = system.Processors.Cores.Retired;
        statistics.SignalsHandled = system.SignalsHandled;
        statistics.ContextSwitches = system.Switches;
        statistics.Processes = system.ProcessesBegun;
        foreach ((ulong number, ulong times) in _dispatcher.Unknown)
        {
            statistics.UnknownSyscalls[number] = times;
        }
    }

    /// <summary>Apart from the serving, which mostly has nothing to tell.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Tell(Tracer trace, UserThread thread, SyscallRow row)
    {
        Vcpu vcpu = system.Core.Vcpu;
        bool compat = CompatTable.IsCompat(row.Number);
        trace.Take(new TraceEvent(KernelEvent.RangeCall)
        {
            Space = thread.Process.Space.Tag.Id,
            Number = row.Id,
            Address = new VirtAddr(compat ? (uint)vcpu[Gpr.Rbx] : vcpu[Gpr.Rdi]),
            Count = compat ? (uint)vcpu[Gpr.Rcx] : vcpu[Gpr.Rsi],
            Argument = compat ? (uint)vcpu[Gpr.Rdx] : vcpu[Gpr.Rdx],
        });
    }

    private static SyscallRow? RowOf(UserThread thread, ulong number) => SyscallTable.Find(number, thread.Process.Space.Meanings);

    private static string NameOf(SyscallRow? row, ulong number) => row?.Name ?? SyscallTable.NameOf(number);

    private void Finish(string name, in SyscallOutcome outcome)
    {
        system.Trace.Cause = default;
        if (outcome.End == SyscallEnd.Waits)
        {
            return;
        }

        pressure.AtReturn(name);
        if (system.Mark is { } mark)
        {
            system.Mark = null;
            system.Copies?.Marks.Note(mark);
            pressure.AtMark(mark);
            stops.Passed(StopKind.Mark, mark);
        }
    }

    /// <summary>An error during which RAM was too small is RAM's; brk says it by leaving the break where it was.</summary>
    private void NoteShortage(UserThread thread, SyscallRow? row, ulong refusals, in SyscallOutcome outcome)
    {
        if (system.Memory.Report.Refusals == refusals || outcome.End != SyscallEnd.Returns || row is null)
        {
            return;
        }

        Vcpu vcpu = system.Core.Vcpu;
        ulong wanted = CompatTable.IsCompat(row.Number) ? (uint)vcpu[Gpr.Rbx] : vcpu[Gpr.Rdi];
        bool stayed = row.Answer == RaxMeaning.Break && outcome.Result != SysResult.Of(wanted);
        if (stayed || !outcome.Result.IsOk)
        {
            system.Shortages.Note(new MemoryShortage(
                row.Name, outcome.Result.Errno, thread.Process.ToString(), system.Memory.Report.RefusedBytes, system.Processors.Cores.Retired));
        }
    }

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(_dispatcher);
}
