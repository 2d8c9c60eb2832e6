using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>Instructions that leave for the kernel on purpose: SYSCALL, INT n, INT3, INT1, UD.</summary>
/// <remarks>
/// With a hosted kernel, gates 3 and 4 are open to user code as Linux sets them, and gate 80H is a second door for system calls;
/// every other INT n from CPL 3 is #GP with the vector in its error code. Source: [SDM2 "SYSCALL", "INT n/INTO/INT3/INT1", "UD"].
/// </remarks>
internal static unsafe class Traps
{
    private const uint ErrorCodeIdt = 2;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Syscall, static (ref OpBuilder b) => Set(ref b, &SystemCall)),
        new(Mnemonic.Int3, static (ref OpBuilder b) => Set(ref b, &Breakpoint)),
        new(Mnemonic.Int1, static (ref OpBuilder b) => Set(ref b, &DebugTrap)),
        new(Mnemonic.Int, EmitInterrupt),
        new(Mnemonic.Ud0, static (ref OpBuilder b) => Set(ref b, &Invalid.Undefined)),
        new(Mnemonic.Ud1, static (ref OpBuilder b) => Set(ref b, &Invalid.Undefined)),
        new(Mnemonic.Ud2, static (ref OpBuilder b) => Set(ref b, &Invalid.Undefined)),
    ];

    private static bool Set(ref OpBuilder b, Handler handler)
    {
        b.Op->Run = handler;
        return true;
    }

    private static bool EmitInterrupt(ref OpBuilder b)
    {
        b.Op->Immediate = b.Instruction.Immediate8;
        b.Op->Run = &Interrupt;
        return true;
    }

    private static Op* SystemCall(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (vcpu.Traps == TrapMode.Idt)
        {
            return SystemReturns.EnterKernel(vcpu, s, op);
        }

        s->Slots[Gpr.Rcx] = op->NextRip;
        s->Slots[Gpr.R11] = Rflags.Read(s) & ~Rflags.RF;
        return Call(vcpu, op, default);
    }

    private static Op* Call(Vcpu vcpu, Op* op, ExceptionVector gate)
    {
        vcpu.Exit.Kind = CoreExitKind.Syscall;
        vcpu.Exit.Vector = gate;
        return vcpu.Leave(op);
    }

    private static Op* Breakpoint(Vcpu vcpu, CpuState* s, Op* op) => Trap(vcpu, op, ExceptionVector.BP, EventKind.SoftwareException);

    /// <summary>#DB without a reason in DR6.</summary>
    private static Op* DebugTrap(Vcpu vcpu, CpuState* s, Op* op) =>
        Trap(vcpu, op, ExceptionVector.DB, EventKind.PrivilegedSoftwareException);

    private static Op* Interrupt(Vcpu vcpu, CpuState* s, Op* op)
    {
        ExceptionVector vector = (ExceptionVector)op->Immediate;
        if (vector is ExceptionVector.BP or ExceptionVector.OF || vcpu.Traps == TrapMode.Idt)
        {
            return Trap(vcpu, op, vector, EventKind.SoftwareInterrupt);
        }

        return vector == CoreExit.CallGate
            ? Call(vcpu, op, vector)
            : vcpu.Raise(op, ExceptionVector.GP, ((uint)op->Immediate << 3) | ErrorCodeIdt);
    }

    /// <summary>The instruction retires; the exception comes behind it.</summary>
    private static Op* Trap(Vcpu vcpu, Op* op, ExceptionVector vector, EventKind kind)
    {
        vcpu.Raise(op, vector);

        // INT 13H has the vector of #XM, but is none that CR4.OSXMMEXCPT could turn into #UD.
        vcpu.Exit.Vector = vector;
        vcpu.State->Budget -= vcpu.Blocks[op->Block].Head->Count - op->Ordinal;
        vcpu.Exit.Event = kind;
        vcpu.Exit.AskedAt = op->Rip;
        return vcpu.Leave(op);
    }
}
