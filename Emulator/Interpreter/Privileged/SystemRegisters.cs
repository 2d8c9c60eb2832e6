using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>MOV to and from control registers, CLTS, SMSW and LMSW, RDMSR and WRMSR, RDPMC and RSM.</summary>
/// <remarks>
/// A write ends its block: what follows is fetched under the new rules. Source: [SDM2 "MOV—Move to/from Control Registers",
/// "CLTS", "SMSW", "LMSW", "RDMSR", "WRMSR"].
/// </remarks>
internal static unsafe class SystemRegisters
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Mov, EmitMov),
        new(Mnemonic.Clts, static (ref OpBuilder b) => Set(ref b, &ClearTaskSwitched)),
        new(Mnemonic.Smsw, EmitSmsw),
        new(Mnemonic.Lmsw, EmitLmsw),
        new(Mnemonic.Rdmsr, static (ref OpBuilder b) => Set(ref b, &ReadMsr)),
        new(Mnemonic.Rdpmc, static (ref OpBuilder b) => Set(ref b, &ReadCounter)),
        new(Mnemonic.Rsm, static (ref OpBuilder b) => Set(ref b, &Invalid.Undefined)),
        new(Mnemonic.Wrmsr, static (ref OpBuilder b) => Set(ref b, &WriteMsr)),
    ];

    /// <summary>MOV from or to CR0, CR2, CR3, CR4 and CR8, and the debug registers.</summary>
    private static bool EmitMov(ref OpBuilder b)
    {
        if (b.Instruction.Op0Register.IsSegmentRegister() || b.Instruction.Op1Register.IsSegmentRegister())
        {
            return false;
        }

        if (b.Instruction.Op0Register.IsDR() || b.Instruction.Op1Register.IsDR())
        {
            return SystemDebug.EmitMov(ref b);
        }

        bool write = !b.Instruction.Op0Register.IsGPR();
        Register system = write ? b.Instruction.Op0Register : b.Instruction.Op1Register;
        b.Op->Immediate = (ulong)system.GetNumber();
        b.Op->Dst = b.RegisterAt(write ? 1 : 0);
        b.Op->Run = write ? &WriteControl : &ReadControl;
        return system.IsCR();
    }

    private static bool Set(ref OpBuilder b, Handler handler)
    {
        b.Op->Run = handler;
        return true;
    }

    private static bool EmitSmsw(ref OpBuilder b)
    {
        b.Op->Run = &StoreMachineStatus;
        if (b.IsMemory(0))
        {
            b.TakeAddress();
            b.Op->Immediate = 0;
            b.Op->Run = &StoreMachineStatusInMemory;
            return true;
        }

        b.Op->Dst = b.RegisterAt(0);
        b.Op->Immediate = (ulong)b.Instruction.Op0Register.GetSize();
        return true;
    }

    private static bool EmitLmsw(ref OpBuilder b)
    {
        if (b.IsMemory(0))
        {
            b.TakeAddress();
            b.Op->Run = &LoadMachineStatusFromMemory;
            return true;
        }

        b.Op->Src = b.RegisterAt(0);
        b.Op->Run = &LoadMachineStatus;
        return true;
    }

    private static Op* ReadControl(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (vcpu.Control.Cpl != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        ulong? value = op->Immediate switch
        {
            0 => vcpu.Control.Cr0,
            2 => vcpu.Control.Cr2,
            3 => vcpu.Control.Cr3,
            4 => vcpu.Control.Cr4,
            8 => vcpu.Control.Cr8,
            _ => null,
        };
        if (value is null)
        {
            return vcpu.Raise(op, ExceptionVector.UD);
        }

        *(ulong*)Operands.Dst(s, op) = value.Value;
        return op + 1;
    }

    private static Op* WriteControl(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (vcpu.Control.Cpl != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        ulong value = *(ulong*)Operands.Dst(s, op);
        ControlState now = Privilege.StateOf(vcpu);
        ControlLimits limits = vcpu.Limits;
        ControlState next = now;
        TlbInvalidation owed = TlbInvalidation.None;
        switch (op->Immediate)
        {
            case 2:
                vcpu.Control.Cr2 = value;
                return op + 1;
            case 8 when value > 15:
                return vcpu.Raise(op, ExceptionVector.GP);
            case 8:
                vcpu.Control.Cr8 = value;
                return op + 1;
            case 0 when ControlRegisterRules.TryWriteCr0(now, value, out next, out owed):
            case 3 when ControlRegisterRules.TryWriteCr3(now, value, limits, out next, out owed):
            case 4 when ControlRegisterRules.TryWriteCr4(now, value, limits, out next, out owed):
                Privilege.Apply(vcpu, next, owed);
                return vcpu.Leave(op);
            case 0 or 3 or 4:
                return vcpu.Raise(op, ExceptionVector.GP);
            default:
                return vcpu.Raise(op, ExceptionVector.UD);
        }
    }

    private static Op* ClearTaskSwitched(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (vcpu.Control.Cpl != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        vcpu.Control.Cr0 &= ~Cr0Bits.Ts;
        vcpu.RefreshBars();
        return vcpu.Leave(op);
    }

    private static bool UmipBars(Vcpu vcpu) => vcpu.Control.Cpl != 0 && (vcpu.Control.Cr4 & Cr4Bits.Umip) != 0;

    private static Op* StoreMachineStatus(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (UmipBars(vcpu))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        byte* to = Operands.Dst(s, op);
        switch (op->Immediate)
        {
            case 2:
                *(ushort*)to = (ushort)vcpu.Control.Cr0;
                break;
            case 4:
                *(ulong*)to = (uint)vcpu.Control.Cr0;
                break;
            default:
                *(ulong*)to = vcpu.Control.Cr0;
                break;
        }

        return op + 1;
    }

    private static Op* StoreMachineStatusInMemory(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (UmipBars(vcpu))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), 2);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        *(ushort*)to = (ushort)vcpu.Control.Cr0;
        vcpu.Commit(s);
        return op + 1;
    }

    private static Op* LoadMachineStatus(Vcpu vcpu, CpuState* s, Op* op) => LoadStatus(vcpu, op, *(ushort*)Operands.Src(s, op));

    private static Op* LoadMachineStatusFromMemory(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (vcpu.Control.Cpl != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        byte* from = vcpu.Read(s, Operands.Address(s, op), 2);
        return from is null ? vcpu.Fault(op) : LoadStatus(vcpu, op, *(ushort*)from);
    }

    /// <summary>PE can be set but not cleared; MP, EM and TS follow the operand.</summary>
    private static Op* LoadStatus(Vcpu vcpu, Op* op, ushort value)
    {
        if (vcpu.Control.Cpl != 0)
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        ulong kept = vcpu.Control.Cr0 & ~(Cr0Bits.Mp | Cr0Bits.Em | Cr0Bits.Ts);
        vcpu.Control.Cr0 = kept | (value & (Cr0Bits.Pe | Cr0Bits.Mp | Cr0Bits.Em | Cr0Bits.Ts));
        vcpu.RefreshBars();
        return vcpu.Leave(op);
    }

    /// <summary>The processor has no performance counters, so no number names one.</summary>
    private static Op* ReadCounter(Vcpu vcpu, CpuState* s, Op* op) => vcpu.Raise(op, ExceptionVector.GP);

    private static Op* ReadMsr(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (vcpu.Control.Cpl != 0 || !ModelSpecific.TryRead(vcpu, (uint)s->Slots[Gpr.Rcx], vcpu.TimeAt(op), out ulong value))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        s->Slots[Gpr.Rax] = (uint)value;
        s->Slots[Gpr.Rdx] = value >> 32;
        return op + 1;
    }

    private static Op* WriteMsr(Vcpu vcpu, CpuState* s, Op* op)
    {
        ulong value = (uint)s->Slots[Gpr.Rax] | (s->Slots[Gpr.Rdx] << 32);
        return vcpu.Control.Cpl == 0 && ModelSpecific.TryWrite(vcpu, (uint)s->Slots[Gpr.Rcx], vcpu.TimeAt(op), value)
            ? vcpu.Leave(op)
            : vcpu.Raise(op, ExceptionVector.GP);
    }
}
