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
    public string NameAtEntry => NameOf(system.Core.Vcpu[0]);

    /// <summary>Serves the call that <paramref name="thread"/> has just made.</summary>
    public void Serve(UserThread thread)
    {
        ulong number = system.Core.Vcpu[0];
        string name = NameOf(number);
        pressure.AtEntry(name);
        if (SyscallPrices.TryPathOf(number, out KernelPath path))
        {
            system.Memory.Cost?.Charge(path, 1);
        }

        Note(thread, number, name);
        _now = name;
        ulong refusals = system.Memory.Report.Refusals;
        SyscallOutcome outcome = _dispatcher.Begin(thread);
        NoteShortage(thread, refusals, outcome);
        Finish(name, outcome);
    }

    /// <summary>Makes the call again that <paramref name="thread"/> waited in.</summary>
    public void TryAgain(UserThread thread)
    {
        _now = NameOf(thread.Call!.Value.Number);
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

    private static string NameOf(ulong number) => SyscallTable.Find(number)?.Name ?? $"syscall_{number}";

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

        bool stayed = _now == "brk" && outcome.Result != SysResult.Of(system.Core.Vcpu[7]);
        if (stayed || !outcome.Result.IsOk)
        {
            system.Shortages.Note(new MemoryShortage(
                _now!, outcome.Result.Errno, thread.Process.ToString(), system.Memory.Report.RefusedBytes, system.Processors.Cores.Retired));
        }
    }

    /// <summary>Calls that change what an address means are kept for explanations.</summary>
    private void Note(UserThread thread, ulong number, string name)
    {
        const ulong Mprotect = 10;
        const ulong Munmap = 11;
        const ulong Madvise = 28;
        const ulong Vrange = 314;
        if (number is Mprotect or Munmap or Madvise or Vrange)
        {
            history.Note(thread.Process.Space.Tag.Id, name, system.Core.Vcpu[7], system.Core.Vcpu[6], system.Core.Vcpu[2]);
        }
    }
}
