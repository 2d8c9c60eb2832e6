using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Delivery;
using MmuEmu.Kernel.Life;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Run;

/// <summary>Runs threads in turn, and acts on each reason for which the core stops.</summary>
/// <remarks>Nothing that a guest does makes it throw: there are signals, errnos and ends of the run.</remarks>
internal sealed class RunLoop : IStateful
{
    private readonly KernelOptions _options;
    private readonly TaskSystem _system;
    private readonly CoreSet _cores;
    private readonly RunStatistics _statistics;
    private readonly Scheduler _scheduler;
    private readonly PressureSchedule _pressure;
    private readonly FaultDesk _faults;
    private readonly SyscallDesk _syscalls;
    private readonly Process _first;
    private readonly RunEnd _end;
    private readonly StopWatch _stops = new();
    private readonly NextDeadline _deadline;
    private readonly IdleTime _idle;
    private CoreExitKind _pending;
    private ulong _turnLeft;
    private RunResult? _result;
    private StepCount _steps;

    public RunLoop(KernelOptions options, TaskSystem system, RunHistory history, RunStatistics statistics)
    {
        (_options, _system, _statistics) = (options, system, statistics);
        _cores = system.Processors.Cores;
        _scheduler = new Scheduler(system, options.Turns);
        _deadline = new NextDeadline(_scheduler, system.Processes);
        _pressure = new PressureSchedule(system.Memory, system.Trace, options.Pressure, system.Copies?.Marks);
        if (system.Copies is { } copies)
        {
            copies.Points = _pressure;
        }

        _syscalls = new SyscallDesk(system, _pressure, _stops);
        _faults = new FaultDesk(system, statistics);
        _first = system.Processes.Find(ProcessTable.FirstPid)!;
        _end = new RunEnd(system, statistics, _faults, history, _first) { Pressure = _pressure, Stops = _stops };
        _idle = new IdleTime(system, _end, _deadline, _first);
        system.Trace.Pid = _first.Pid;
        TaskDetail began = new(TaskChange.Began, _first.ParentPid, 0, _first.Program.Path);
        system.Trace.For(KernelEvent.Task)?.Take(new TraceEvent(KernelEvent.Task) { Detail = began });
    }

    /// <summary>Somebody outside may want the run to pause.</summary>
    public PauseRequest Asked { get; } = new();

    /// <summary>T, and how many steps are over that began at it.</summary>
    public (ulong Time, uint Step) Moment => _steps.At(_cores.Retired);

    /// <summary>Why the core of the thread at work stopped, as long as nothing was done about it: at a stop before a fault or a system call.</summary>
    public CoreExitKind Pending => _pending;

    /// <summary>Runs until the end or until <paramref name="stop"/>.</summary>
    public RunResult Run(StopAt stop)
    {
        _stops.Aim(stop);
        RunResult? outcome = _result;
        while (outcome is null)
        {
            outcome = Step();
        }

        _syscalls.CopyCounts(_statistics);
        _result = outcome.Reason is EndReason.Paused or EndReason.Interrupted ? null : outcome;
        return outcome;
    }

    /// <summary>One turn: chooses a thread, lets it run, and looks at why it stopped; null to go on.</summary>
    private RunResult? Step()
    {
        ulong now = _cores.Retired;
        _steps.GoTo(now);
        if (_stops.IsBetween(now, _steps.Steps))
        {
            return Pause();
        }

        if (Asked.TakeSignal() is var signal and not Signal.None)
        {
            TerminalSignal.Send(_system, signal, _steps.Steps);
            _deadline.Forget();
        }

        if (Asked.IsTaken())
        {
            return _end.Of(EndReason.Interrupted);
        }

        _steps.Begin();
        if (_system.BrokenExpectation is { } broken)
        {
            return _end.Of(EndReason.ExpectationFailed) with { Broken = broken };
        }

        UserThread? thread = _pending != CoreExitKind.None ? _system.Current : Choose();
        if (thread is null)
        {
            return _idle.Pass();
        }

        ContextSwitch.To(_system, thread);
        if (_pending == CoreExitKind.None && !Prepare(thread))
        {
            return _stops.Reached ? Pause() : null;
        }

        return _pending == CoreExitKind.None ? Execute(thread) : ActOn(thread);
    }

    /// <summary>The thread that runs goes on while its turn lasts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private UserThread? Choose()
    {
        if (!_deadline.IsLaterThan(_system.Clock.NowNs))
        {
            _deadline.Forget();
            Alarms.Ring(_system);
        }

        bool mayStay = _system.Current is { State: RunState.Runnable, Process.State: ProcessState.Alive } && _turnLeft > 0 && !_system.YieldAsked;
        _system.YieldAsked = false;
        if (mayStay)
        {
            return _system.Current;
        }

        _deadline.Forget();
        UserThread? next = _scheduler.Next();
        _turnLeft = next is null ? 0 : _scheduler.TurnLength();
        return next;
    }

    /// <summary>Finishes a wait and delivers signals; false when the thread cannot enter user code now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Prepare(UserThread thread)
    {
        if (thread.State == RunState.Waiting && WaitEnd.IsOver(_system, thread))
        {
            EndWait(thread);
        }

        bool hasSignal = thread.HasSignal;
        if (hasSignal)
        {
            _deadline.Forget();
        }

        if (thread.State != RunState.Dead && hasSignal && thread.Wait is not { Interruption: Interruption.Never })
        {
            if (_stops.IsReached(StopKind.Signal))
            {
                return false;
            }

            Deliver(thread);
        }
        else if (thread.Wait is { Interruption: Interruption.Never } && thread.Process.Pending.Set.Has(Signal.SIGKILL))
        {
            Deliver(thread);
        }

        return thread.State == RunState.Runnable && thread.Process.State == ProcessState.Alive;
    }

    /// <summary>A system call is made again; an instruction that waited for a page is simply run again.</summary>
    private void EndWait(UserThread thread)
    {
        thread.State = RunState.Runnable;
        _deadline.Forget();
        if (thread.Call is null)
        {
            thread.Wait = null;
            return;
        }

        _syscalls.TryAgain(thread);
    }

    private void Deliver(UserThread thread)
    {
        if (SignalDelivery.Run(_system, thread) is { } fatal)
        {
            ProcessEnd.End(_system, thread.Process, fatal);
        }
    }

    private RunResult? Execute(UserThread thread)
    {
        ulong now = _cores.Retired;
        _pressure.AtInstruction(now);
        if (now >= _stops.Time)
        {
            return Pause();
        }

        if (now >= _options.MaxInstructions)
        {
            return _end.Of(EndReason.LimitReached) with { Limit = _options.MaxInstructions };
        }

        UserCode.TellEntry(_system, thread);
        _pending = Asked.Run(_cores, thread.Cpu, Budget(now), _stops.Between);
        UserCode.TellExit(_system);
        ulong ran = _cores.Retired - now;
        _turnLeft -= Math.Min(_turnLeft, ran);
        thread.Instructions += ran;
        thread.Process.Instructions += ran;
        return ActOn(thread);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Budget(ulong now)
    {
        ulong budget = Math.Min(_options.MaxInstructions - now, _pressure.InstructionsUntilNext(now));
        budget = Math.Min(Math.Min(budget, _stops.Time - now), _deadline.InstructionsUntil(_system.Clock));
        return _deadline.HasTurns ? Math.Min(budget, Math.Max(1, _turnLeft)) : budget;
    }

    /// <summary>Acts on the core's exit; null to go on.</summary>
    private RunResult? ActOn(UserThread thread)
    {
        if (IsStopFor(_pending))
        {
            return Pause();
        }

        CoreExitKind kind = _pending;
        _pending = CoreExitKind.None;
        if (kind is not (CoreExitKind.PageFault or CoreExitKind.BudgetSpent))
        {
            _deadline.Forget();
        }

        switch (kind)
        {
            case CoreExitKind.Syscall:
                _syscalls.Serve(thread);
                break;
            case CoreExitKind.PageFault:
                PageFault(thread);
                break;
            case CoreExitKind.Exception:
                _faults.Exception(thread);
                break;
            case CoreExitKind.Halt:
            case CoreExitKind.Port:
            case CoreExitKind.TripleFault:
                SignalSend.Force(thread, new SigInfo(Signal.SIGSEGV, SigCode.Kernel, default));
                break;
            case CoreExitKind.None:
            case CoreExitKind.BudgetSpent:
                break;
        }

        return _stops.Reached ? Pause() : null;
    }

    /// <summary>A fault above user space may be one of the calls at fixed addresses; all others are faults.</summary>
    private void PageFault(UserThread thread)
    {
        if (_system.Core.Vcpu.Exit.Fault.Cr2.Raw < VirtRange.TaskSize || !VsyscallPage.TryEnter(_system, thread, out bool served))
        {
            _faults.PageFault(thread);
        }
        else if (served)
        {
            _deadline.Forget();
            _syscalls.Serve(thread);
        }
    }

    private bool IsStopFor(CoreExitKind kind) =>
        (kind == CoreExitKind.PageFault && _stops.IsReached(StopKind.Fault))
        || (kind == CoreExitKind.Syscall && _stops.IsReached(StopKind.Syscall, _syscalls.NameAtEntry));

    private RunResult Pause()
    {
        _stops.Taken();
        return _end.Of(EndReason.Paused);
    }

    object IStateful.Save(object? last) => (_pending, _turnLeft, _result, _steps);

    void IStateful.Restore(object state) => (_pending, _turnLeft, _result, _steps) = ((CoreExitKind, ulong, RunResult?, StepCount))state;

    void IStateful.SeeParts(StateVisitor visitor) =>
        visitor.SeeAll([_system, _statistics, _scheduler, _pressure, _faults, _syscalls, _first, _stops, _deadline, _idle]);
}
