using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>MOV to and from debug registers.</summary>
/// <remarks>
/// DR4 and DR5 name DR6 and DR7 unless CR4.DE makes them #UD; DR7.GD turns every use into #DB, whose delivery clears it.
/// Source: [SDM2 "MOV—Move to/from Debug Registers"].
/// </remarks>
internal static unsafe class SystemDebug
{
    /// <summary>MOV from or to a debug register.</summary>
    public static bool EmitMov(ref OpBuilder b)
    {
        bool write = b.Instruction.Op0Register.IsDR();
        Register system = write ? b.Instruction.Op0Register : b.Instruction.Op1Register;
        b.Op->Immediate = (ulong)system.GetNumber();
        b.Op->Dst = b.RegisterAt(write ? 1 : 0);
        b.Op->Run = write ? &Write : &Read;
        return true;
    }

    private static Op* Read(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!MayUse(vcpu, op))
        {
            return null;
        }

        DebugRegisters debug = vcpu.Debug;
        *(ulong*)Operands.Dst(s, op) = op->Immediate switch
        {
            < 4 => debug.Addresses[(int)op->Immediate],
            4 or 6 => debug.Status,
            _ => debug.Control,
        };
        return op + 1;
    }

    private static Op* Write(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!MayUse(vcpu, op))
        {
            return null;
        }

        DebugRegisters debug = vcpu.Debug;
        ulong value = *(ulong*)Operands.Dst(s, op);
        if (op->Immediate >= 4 && value >> 32 != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        switch (op->Immediate)
        {
            case < 4:
                debug.Addresses[(int)op->Immediate] = value;
                break;
            case 4 or 6:
                debug.Status = value;
                break;
            default:
                debug.Control = value;
                AccessChecks.Update(vcpu);
                break;
        }

        s->Rflags &= ~Rflags.RF;
        return vcpu.Leave(op);
    }

    /// <summary>False when the exit says why not: privilege first, then the register's name, then general detect.</summary>
    private static bool MayUse(Vcpu vcpu, Op* op)
    {
        if (vcpu.Control.Cpl != 0)
        {
            vcpu.Raise(op, ExceptionVector.GP);
            return false;
        }

        if (op->Immediate > 7 || (op->Immediate is 4 or 5 && (vcpu.Control.Cr4 & Cr4Bits.De) != 0))
        {
            vcpu.Raise(op, ExceptionVector.UD);
            return false;
        }

        if ((vcpu.Debug.Control & DebugRegisters.GeneralDetect) == 0)
        {
            return true;
        }

        vcpu.Debug.Report(DebugRegisters.AccessDetected);
        vcpu.Raise(op, ExceptionVector.DB);
        return false;
    }
}
