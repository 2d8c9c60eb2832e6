using MmuEmu.Emulator.Cpu;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Run;

/// <summary>Serves system calls, and what hangs on them: prices, pressure rules, marks, history.</summary>
internal sealed class SyscallDesk(TaskSystem system, PressureSchedule pressure, MemoryHistory history, StopWatch stops)
{
    private readonly SyscallDispatcher _dispatcher = new(system);
    private string? _now;

    /// <summary>The system call at work, in words; null outside system calls.</summary>
    public string? NameNow => _now is null ? null : $"the system call {_now}";

    /// <summary>The name of the call that is about to begin.</summary>
    public string NameAtEntry => SyscallTable.NameOf(system.Core.Vcpu[Gpr.Rax]);

    /// <summary>Serves the call that <paramref name="thread"/> has just made.</summary>
    public void Serve(UserThread thread)
    {
        SyscallRow? row = SyscallTable.Find(system.Core.Vcpu[Gpr.Rax]);
        string name = NameAtEntry;
        pressure.AtEntry(name);
        if (row?.Price is { } path)
        {
            system.Memory.Cost?.Charge(path, 1);
        }

        // Explanations tell of it: the range, and the third argument.
        if (row is { InHistory: true })
        {
            history.Note(thread.Process.Space.Tag.Id, name, system.Core.Vcpu[Gpr.Rdi], system.Core.Vcpu[Gpr.Rsi], system.Core.Vcpu[Gpr.Rdx]);
        }

        _now = name;
        ulong refusals = system.Memory.Report.Refusals;
        SyscallOutcome outcome = _dispatcher.Begin(thread);
        NoteShortage(thread, refusals, outcome);
        Finish(name, outcome);
    }

    /// <summary>Makes the call again that <paramref name="thread"/> waited in.</summary>
    public void TryAgain(UserThread thread)
    {
        _now = SyscallTable.NameOf(thread.Call!.Value.Number);
        ulong refusals = system.Memory.Report.Refusals;
        SyscallOutcome outcome = _dispatcher.Try(thread);
        NoteShortage(thread, refusals, outcome);
        Finish(_now, outcome);
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

    private void Finish(string name, in SyscallOutcome outcome)
    {
        _now = null;
        if (outcome.End == SyscallEnd.Waits)
        {
            return;
        }

        pressure.AtReturn(name);
        if (system.Mark is { } mark)
        {
            system.Mark = null;
            pressure.AtMark(mark);
            stops.Passed(StopKind.Mark, mark);
        }
    }

    /// <summary>An error during which RAM was too small is RAM's; brk says it by leaving the break where it was.</summary>
    private void NoteShortage(UserThread thread, ulong refusals, in SyscallOutcome outcome)
    {
        if (system.Memory.Report.Refusals == refusals || outcome.End != SyscallEnd.Returns)
        {
            return;
        }

        bool stayed = _now == "brk" && outcome.Result != SysResult.Of(system.Core.Vcpu[Gpr.Rdi]);
        if (stayed || !outcome.Result.IsOk)
        {
            system.Shortages.Note(new MemoryShortage(
                _now!, outcome.Result.Errno, thread.Process.ToString(), system.Memory.Report.RefusedBytes, system.Processors.Cores.Retired));
        }
    }
}
