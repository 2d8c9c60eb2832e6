using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Fpu;

/// <summary>FLD, FILD, the constants, FXCH and FCMOVcc.</summary>
/// <remarks>
/// Only loads of singles and doubles look at the value: SNaN is IE, a denormal DE, which even unmasked does not stop the load. The constants are rounded as RC says.
/// Source: [SDM2 "FLD", "FILD", "FLD1/FLDL2T/FLDL2E/FLDPI/FLDLG2/FLDLN2/FLDZ", "FXCH", "FCMOVcc"].
/// </remarks>
internal static unsafe class X87Loads
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Fld, EmitLoad),
        new(Mnemonic.Fild, EmitLoad),
        new(Mnemonic.Fld1, EmitConstant),
        new(Mnemonic.Fldz, EmitConstant),
        new(Mnemonic.Fldpi, EmitConstant),
        new(Mnemonic.Fldl2t, EmitConstant),
        new(Mnemonic.Fldl2e, EmitConstant),
        new(Mnemonic.Fldlg2, EmitConstant),
        new(Mnemonic.Fldln2, EmitConstant),
        new(Mnemonic.Fxch, EmitExchange),
        new(Mnemonic.Fcmovb, EmitMove<IfB>),
        new(Mnemonic.Fcmove, EmitMove<IfE>),
        new(Mnemonic.Fcmovbe, EmitMove<IfBe>),
        new(Mnemonic.Fcmovu, EmitMove<IfP>),
        new(Mnemonic.Fcmovnb, EmitMove<Not<IfB>>),
        new(Mnemonic.Fcmovne, EmitMove<Not<IfE>>),
        new(Mnemonic.Fcmovnbe, EmitMove<Not<IfBe>>),
        new(Mnemonic.Fcmovnu, EmitMove<Not<IfP>>),
    ];

    private static bool EmitLoad(ref OpBuilder b)
    {
        if (b.IsRegister(0))
        {
            b.Op->Src = (byte)b.Instruction.Op0Register.GetNumber();
            b.Op->Run = &LoadRegister;
            return true;
        }

        b.TakeAddress();
        b.Op->Run = b.Instruction.MemorySize switch
        {
            MemorySize.Float32 => &Load<Real32>,
            MemorySize.Float64 => &Load<Real64>,
            MemorySize.Int16 => &Load<Integer16>,
            MemorySize.Int32 => &Load<Integer32>,
            MemorySize.Int64 => &Load<Integer64>,
            _ => &LoadExtended,
        };
        return true;
    }

    private static bool EmitConstant(ref OpBuilder b)
    {
        (int exponent, ulong nearest, ulong down) = b.Instruction.Mnemonic switch
        {
            Mnemonic.Fld1 => (0, 1UL << 63, 1UL << 63),
            Mnemonic.Fldz => (-FpExtended.Bias, 0UL, 0UL),
            Mnemonic.Fldpi => (1, 0xC90F_DAA2_2168_C235, 0xC90F_DAA2_2168_C234),
            Mnemonic.Fldl2t => (1, 0xD49A_784B_CD1B_8AFE, 0xD49A_784B_CD1B_8AFE),
            Mnemonic.Fldl2e => (0, 0xB8AA_3B29_5C17_F0BC, 0xB8AA_3B29_5C17_F0BB),
            Mnemonic.Fldlg2 => (-2, 0x9A20_9A84_FBCF_F799, 0x9A20_9A84_FBCF_F798),
            _ => (-1, 0xB172_17F7_D1CF_79AC, 0xB172_17F7_D1CF_79AB),
        };
        b.Op->Displacement = (ulong)(exponent + FpExtended.Bias);
        b.Op->Immediate = down;
        b.Op->Src = (byte)(nearest - down);
        b.Op->Dst = (byte)(nearest == 0 || nearest == 1UL << 63 ? 0 : 1);
        b.Op->Run = &LoadConstant;
        return true;
    }

    private static bool EmitExchange(ref OpBuilder b)
    {
        b.Op->Src = (byte)b.Instruction.Op1Register.GetNumber();
        b.Op->Run = &Exchange;
        return true;
    }

    private static bool EmitMove<TCondition>(ref OpBuilder b)
        where TCondition : struct, ICondition
    {
        b.Op->Src = (byte)b.Instruction.Op1Register.GetNumber();
        b.Op->Run = &Move<TCondition>;
        return true;
    }

    private static Op* Load<TSource>(Vcpu vcpu, CpuState* s, Op* op)
        where TSource : struct, IX87Source
    {
        byte* from = X87.Read(vcpu, s, op, TSource.Bytes);
        if (from is null)
        {
            return null;
        }

        FpNumber value = TSource.Read(from);
        FpContext c = X87.Context(s);
        FpArithmetic.NoteDenormal(value, value, ref c);
        if (X87.InUse(s, 7))
        {
            X87.Push(s, value);
            return op + 1;
        }

        bool isNan = X87.TryNan(value, value, ref c, out FpNumber nan);
        if (X87.Report(s, c) || (c.Unmasked & FpFlags.IE) == 0)
        {
            X87.Push(s, isNan ? nan : value);
        }

        return op + 1;
    }

    private static Op* LoadExtended(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = X87.Read(vcpu, s, op, 10);
        if (from is null)
        {
            return null;
        }

        PushBits(s, *(ulong*)from, *(ushort*)(from + 8));
        return op + 1;
    }

    private static Op* LoadRegister(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!X87.TryBegin(vcpu, s, op))
        {
            return null;
        }

        byte* from = X87.At(s, op->Src);
        if (X87.InUse(s, op->Src))
        {
            PushBits(s, *(ulong*)from, *(ushort*)(from + 8));
        }
        else if (X87.TryStackFault(s, 0))
        {
            s->FpuTop = (s->FpuTop - 1) & 7;
            X87.Set(s, 0, FpNumber.Indefinite);
        }

        return op + 1;
    }

    private static Op* LoadConstant(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!X87.TryBegin(vcpu, s, op))
        {
            return null;
        }

        uint up = X87.Context(s).Rounding switch
        {
            FpRounding.Nearest => op->Src,
            FpRounding.Up => op->Dst,
            FpRounding.Down or FpRounding.Zero => 0U,
        };
        PushBits(s, op->Immediate + up, (ushort)op->Displacement);
        return op + 1;
    }

    private static void PushBits(CpuState* s, ulong significand, ushort high)
    {
        bool full = X87.InUse(s, 7);
        X87.Push(s, FpNumber.Indefinite);
        if (!full)
        {
            byte* to = X87.At(s, 0);
            *(ulong*)to = significand;
            *(ushort*)(to + 8) = high;
        }
    }

    private static Op* Exchange(Vcpu vcpu, CpuState* s, Op* op)
    {
        if (!X87.TryBegin(vcpu, s, op))
        {
            return null;
        }

        if (!X87.InUse(s, 0) || !X87.InUse(s, op->Src))
        {
            if (!X87.TryStackFault(s, 0))
            {
                return op + 1;
            }

            FillEmpty(s, 0);
            FillEmpty(s, op->Src);
        }
        else
        {
            s->FpuStatus &= unchecked((ushort)~X87.C1);
        }

        UInt128* a = (UInt128*)X87.At(s, 0);
        UInt128* b = (UInt128*)X87.At(s, op->Src);
        (*a, *b) = (*b, *a);
        return op + 1;
    }

    private static void FillEmpty(CpuState* s, int register)
    {
        if (!X87.InUse(s, register))
        {
            X87.Set(s, register, FpNumber.Indefinite);
        }
    }

    private static Op* Move<TCondition>(Vcpu vcpu, CpuState* s, Op* op)
        where TCondition : struct, ICondition
    {
        if (!X87.TryBegin(vcpu, s, op))
        {
            return null;
        }

        if (!X87.InUse(s, 0) || !X87.InUse(s, op->Src))
        {
            if (X87.TryStackFault(s, 0))
            {
                X87.Set(s, 0, FpNumber.Indefinite);
            }

            return op + 1;
        }

        if (TCondition.Holds(s))
        {
            *(UInt128*)X87.At(s, 0) = *(UInt128*)X87.At(s, op->Src);
        }

        return op + 1;
    }
}
