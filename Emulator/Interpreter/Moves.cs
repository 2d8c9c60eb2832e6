using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>MOV between general-purpose registers, memory and immediates, and LEA.</summary>
/// <remarks>Source: [SDM2 "MOV", "LEA"].</remarks>
internal static unsafe class Moves
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Mov, EmitMov),
        new(Mnemonic.Movnti, EmitMov),
        new(Mnemonic.Lea, EmitLea),
    ];

    private static bool IsSystem(Register register) => register.IsCR() || register.IsDR();

    private static bool EmitMov(ref OpBuilder b)
    {
        if (b.Instruction.Op0Register.IsSegmentRegister() || b.Instruction.Op1Register.IsSegmentRegister())
        {
            return Segments.EmitMov(ref b);
        }

        if (IsSystem(b.Instruction.Op0Register) || IsSystem(b.Instruction.Op1Register))
        {
            return SystemRegisters.EmitMov(ref b);
        }

        if ((b.IsRegister(0) && !b.Instruction.Op0Register.IsGPR()) || (b.IsRegister(1) && !b.Instruction.Op1Register.IsGPR()))
        {
            return false;
        }

        int bytes = b.BytesAt(0);
        b.TakeOperands();
        b.Op->Run = bytes switch
        {
            1 => Pick<W8>(b),
            2 => Pick<W16>(b),
            4 => Pick<W32>(b),
            _ => Pick<W64>(b),
        };
        return true;
    }

    private static bool EmitLea(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Segment = CpuState.ZeroSlot * 8;
        b.Op->Dst = b.RegisterAt(0);
        b.Op->Run = b.Instruction.Op0Register.GetSize() switch
        {
            2 => &LoadAddress<W16>,
            4 => &LoadAddress<W32>,
            _ => &LoadAddress<W64>,
        };
        return true;
    }

    private static delegate*<Vcpu, CpuState*, Op*, Op*> Pick<TWidth>(in OpBuilder b)
        where TWidth : struct, IWidth
    {
        if (b.IsRegister(0))
        {
            return b.IsRegister(1) ? &RegisterRegister<TWidth>
                : b.IsImmediate(1) ? &RegisterImmediate<TWidth>
                : &RegisterMemory<TWidth>;
        }

        return b.IsRegister(1) ? &MemoryRegister<TWidth> : &MemoryImmediate<TWidth>;
    }

    private static Op* RegisterRegister<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        TWidth.WriteRegister(Operands.Dst(s, op), TWidth.Read(Operands.Src(s, op)));
        return op + 1;
    }

    private static Op* RegisterImmediate<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        TWidth.WriteRegister(Operands.Dst(s, op), op->Immediate);
        return op + 1;
    }

    private static Op* RegisterMemory<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        TWidth.WriteRegister(Operands.Dst(s, op), TWidth.Read(from));
        return op + 1;
    }

    private static Op* MemoryRegister<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), TWidth.Bytes);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        TWidth.Write(to, TWidth.Read(Operands.Src(s, op)));
        vcpu.Commit(s);
        return op + 1;
    }

    private static Op* MemoryImmediate<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), TWidth.Bytes);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        TWidth.Write(to, op->Immediate);
        vcpu.Commit(s);
        return op + 1;
    }

    private static Op* LoadAddress<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        TWidth.WriteRegister(Operands.Dst(s, op), Operands.Address(s, op));
        return op + 1;
    }
}
