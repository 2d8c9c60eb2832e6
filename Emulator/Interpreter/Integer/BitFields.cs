using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>The VEX-encoded instructions of BMI1 and BMI2 with one result, 32 and 64 bits wide.</summary>
/// <remarks>
/// <code>
///  ANDN              dst, register, source
///  PDEP PEXT         dst, value, mask          the mask may be in memory
///  BEXTR BZHI SHLX…  dst, source, register
///  BLSR BLSI BLSMSK  dst, source
///  RORX              dst, source, immediate
/// </code>
/// Source: [SDM2 "ANDN", "BEXTR", "BLSI", "BLSMSK", "BLSR", "BZHI", "PDEP", "PEXT", "RORX", "SARX/SHLX/SHRX"].
/// </remarks>
internal static unsafe class BitFields
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Andn, EmitLast<AndNot>),
        new(Mnemonic.Bextr, EmitFirst<ExtractField>),
        new(Mnemonic.Blsi, EmitFirst<IsolateLowest>),
        new(Mnemonic.Blsmsk, EmitFirst<MaskToLowest>),
        new(Mnemonic.Blsr, EmitFirst<ResetLowest>),
        new(Mnemonic.Bzhi, EmitFirst<ZeroHigh>),
        new(Mnemonic.Pdep, EmitSourceLast<Deposit>),
        new(Mnemonic.Pext, EmitSourceLast<Extract>),
        new(Mnemonic.Rorx, EmitSourceFirst<PlainRotateRight>),
        new(Mnemonic.Sarx, EmitSourceFirst<PlainShiftRightSigned>),
        new(Mnemonic.Shlx, EmitSourceFirst<PlainShiftLeft>),
        new(Mnemonic.Shrx, EmitSourceFirst<PlainShiftRight>),
    ];

    /// <summary>Of instructions with flags.</summary>
    private static bool EmitFirst<TOperation>(ref OpBuilder b)
        where TOperation : struct, IBitOperation =>
        b.Model.Has(CpuHabits.BitFieldsClearParity) ? EmitSourceFirst<WithoutParity<TOperation>>(ref b) : EmitSourceFirst<TOperation>(ref b);

    private static bool EmitLast<TOperation>(ref OpBuilder b)
        where TOperation : struct, IBitOperation =>
        b.Model.Has(CpuHabits.BitFieldsClearParity) ? EmitSourceLast<WithoutParity<TOperation>>(ref b) : EmitSourceLast<TOperation>(ref b);

    private static bool EmitSourceFirst<TOperation>(ref OpBuilder b)
        where TOperation : struct, IBitOperation => Emit<TOperation>(ref b, source: 1, register: 2);

    private static bool EmitSourceLast<TOperation>(ref OpBuilder b)
        where TOperation : struct, IBitOperation => Emit<TOperation>(ref b, source: 2, register: 1);

    private static bool Emit<TOperation>(ref OpBuilder b, int source, int register)
        where TOperation : struct, IBitOperation
    {
        bool wide = b.BytesAt(0) == 8;
        bool immediate = b.Instruction.OpCount == 3 && b.IsImmediate(register);
        if (b.IsMemory(source))
        {
            b.TakeAddress();
            b.Op->Run = immediate
                ? wide ? &ImmediateMemory<TOperation, W64> : &ImmediateMemory<TOperation, W32>
                : wide ? &RegisterMemory<TOperation, W64> : &RegisterMemory<TOperation, W32>;
        }
        else
        {
            b.Op->Src = b.RegisterAt(source);
            b.Op->Run = immediate
                ? wide ? &ImmediateRegister<TOperation, W64> : &ImmediateRegister<TOperation, W32>
                : wide ? &RegisterRegister<TOperation, W64> : &RegisterRegister<TOperation, W32>;
        }

        b.Op->Dst = b.RegisterAt(0);
        b.Op->Immediate = immediate ? b.Instruction.GetImmediate(register)
            : b.Instruction.OpCount == 3 ? b.RegisterAt(register)
            : CpuState.ZeroSlot * 8UL;
        return true;
    }

    private static Op* RegisterRegister<TOperation, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TOperation : struct, IBitOperation
        where TWidth : struct, IWidth
    {
        ulong register = TWidth.Read((byte*)s + op->Immediate);
        TWidth.WriteRegister(Operands.Dst(s, op), TOperation.Apply<TWidth>(s, TWidth.Read(Operands.Src(s, op)), register));
        return op + 1;
    }

    private static Op* RegisterMemory<TOperation, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TOperation : struct, IBitOperation
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        ulong register = TWidth.Read((byte*)s + op->Immediate);
        TWidth.WriteRegister(Operands.Dst(s, op), TOperation.Apply<TWidth>(s, TWidth.Read(from), register));
        return op + 1;
    }

    private static Op* ImmediateRegister<TOperation, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TOperation : struct, IBitOperation
        where TWidth : struct, IWidth
    {
        TWidth.WriteRegister(Operands.Dst(s, op), TOperation.Apply<TWidth>(s, TWidth.Read(Operands.Src(s, op)), op->Immediate));
        return op + 1;
    }

    private static Op* ImmediateMemory<TOperation, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TOperation : struct, IBitOperation
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        TWidth.WriteRegister(Operands.Dst(s, op), TOperation.Apply<TWidth>(s, TWidth.Read(from), op->Immediate));
        return op + 1;
    }
}
