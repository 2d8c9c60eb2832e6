using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Dispatch;

/// <summary>Runs one instruction under the trap flag or with debug registers armed, and says which #DB it gives.</summary>
/// <remarks>
/// <code>
///  before   a pending trap, or an instruction breakpoint unless RF is set     fault at RIP
///  behind   BS if TF was set when it began, B0..B3 of the data it touched     trap behind it,
///           or behind one iteration of a repeated string instruction
/// </code>
/// Behind an iteration that is not the last, RF is set in what the handler sees by habit. After a load of SS an instruction breakpoint
/// is reported by habit, and the trap waits for the next instruction. When that is SYSCALL, INT n, INT3 or INT1, it comes at the first
/// instruction of the kernel or the handler; when it faults, the trap is dropped, which the manuals leave open: the instruction
/// comes again, and the load of SS does not. Source: [SDM3 Debug, Branch Profile, TSC, and Intel Resource Director Technology
/// Features, "Debug Exceptions"], [SDM3 Interrupt and Exception Handling, "Masking Exceptions and Interrupts When Switching Stacks"].
/// </remarks>
internal static unsafe class Stepping
{
    /// <summary>True when instructions have to be run one at a time.</summary>
    public static bool IsNeeded(Vcpu vcpu, CpuState* s) => (s->Rflags & Rflags.TF) != 0 || vcpu.Debug.Armed;

    /// <summary>Runs one instruction, or one iteration of it.</summary>
    public static void RunOne(Engine engine, Vcpu vcpu)
    {
        CpuState* s = vcpu.State;
        DebugRegisters debug = vcpu.Debug;
        ulong resume = s->Rflags & Rflags.RF;
        ulong pending = debug.Pending;
        debug.Pending = 0;
        bool reports = !debug.Inhibited || vcpu.Model.Has(CpuHabits.BreakpointBehindStackSegment);
        ulong code = reports && resume == 0 && debug.WatchesCode ? debug.CodeHitsAt(s->Rip) : 0;
        if (code != 0 || (pending != 0 && !debug.Inhibited))
        {
            debug.Inhibited = false;
            Stop(vcpu, pending | code);
            return;
        }

        ulong traced = (s->Rflags & Rflags.TF) != 0 ? DebugRegisters.SingleStep : 0;
        (debug.Hits, debug.Inhibited, debug.StepsOver) = (0, false, false);
        s->Rflags &= ~Rflags.RF;
        long rest = s->Budget - 1;
        s->Budget = 1;
        s->BudgetEnd -= (ulong)rest;
        engine.RunBlocks(s);
        bool retired = s->Budget == 0;
        s->Budget += rest;
        s->BudgetEnd += (ulong)rest;
        s->Rflags |= retired ? 0 : resume;
        traced = debug.StepsOver ? 0 : traced;
        Trap(vcpu, pending | traced | debug.Hits, retired);
        debug.Hits = 0;
    }

    private static void Trap(Vcpu vcpu, ulong cause, bool retired)
    {
        CoreExitKind kind = vcpu.Exit.Kind;
        if (retired && kind == CoreExitKind.Port)
        {
            vcpu.Debug.Pending |= cause;
        }
        else if (retired && (kind == CoreExitKind.Syscall || (kind == CoreExitKind.Exception && vcpu.Exit.FromInstruction)))
        {
            // The single-step trap goes away with TF; a data breakpoint that a load of SS held back does not.
            vcpu.Debug.Pending |= cause & ~DebugRegisters.SingleStep;
        }
        else if (kind == CoreExitKind.BudgetSpent || (retired && kind is CoreExitKind.None or CoreExitKind.Halt))
        {
            GoOn(vcpu, cause);
        }
    }

    /// <summary>Behind an instruction, or an iteration of it, that nothing else followed; HLT does not halt when a debug exception comes.</summary>
    private static void GoOn(Vcpu vcpu, ulong cause)
    {
        if (vcpu.Debug.Inhibited)
        {
            // The single-step trap itself is not kept: TF makes the next instruction trap anyway.
            vcpu.Debug.Pending |= cause & ~DebugRegisters.SingleStep;
        }
        else if (cause != 0)
        {
            bool between = vcpu.Exit.Kind == CoreExitKind.BudgetSpent;
            vcpu.State->Rflags |= between && vcpu.Model.Has(CpuHabits.TrapBetweenIterationsSetsResume) ? Rflags.RF : 0;
            Stop(vcpu, cause);
        }
    }

    private static void Stop(Vcpu vcpu, ulong cause)
    {
        vcpu.Debug.Report(cause);
        vcpu.Exit.Kind = CoreExitKind.Exception;
        vcpu.Exit.Vector = ExceptionVector.DB;
        vcpu.Exit.ErrorCode = 0;
    }
}
