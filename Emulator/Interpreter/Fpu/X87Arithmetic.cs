using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Fpu;

/// <summary>What a two-operand x87 instruction computes of operands that are not NaN.</summary>
internal interface IX87Binary
{
    /// <summary>The new destination.</summary>
    static abstract FpNumber Apply(in FpNumber dst, in FpNumber src, in FpTarget target, ref FpContext c);
}

/// <summary>FADD, FSUB, FSUBR, FMUL, FDIV, FDIVR with memory, integer, register and popping forms.</summary>
/// <remarks>Source: [SDM2 "FADD/FADDP/FIADD" and their kin].</remarks>
internal static unsafe class X87Arithmetic
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Fadd, Emit<Plus>),
        new(Mnemonic.Faddp, Emit<Plus>),
        new(Mnemonic.Fiadd, Emit<Plus>),
        new(Mnemonic.Fsub, Emit<Minus>),
        new(Mnemonic.Fsubp, Emit<Minus>),
        new(Mnemonic.Fisub, Emit<Minus>),
        new(Mnemonic.Fsubr, Emit<MinusReversed>),
        new(Mnemonic.Fsubrp, Emit<MinusReversed>),
        new(Mnemonic.Fisubr, Emit<MinusReversed>),
        new(Mnemonic.Fmul, Emit<Times>),
        new(Mnemonic.Fmulp, Emit<Times>),
        new(Mnemonic.Fimul, Emit<Times>),
        new(Mnemonic.Fdiv, Emit<Over>),
        new(Mnemonic.Fdivp, Emit<Over>),
        new(Mnemonic.Fidiv, Emit<Over>),
        new(Mnemonic.Fdivr, Emit<OverReversed>),
        new(Mnemonic.Fdivrp, Emit<OverReversed>),
        new(Mnemonic.Fidivr, Emit<OverReversed>),
    ];

    private static bool Emit<T>(ref OpBuilder b)
        where T : struct, IX87Binary
    {
        if (b.IsMemory(0))
        {
            b.TakeAddress();
            b.Op->Run = b.Instruction.MemorySize switch
            {
                MemorySize.Float32 => &Memory<T, Real32>,
                MemorySize.Float64 => &Memory<T, Real64>,
                MemorySize.Int16 => &Memory<T, Integer16>,
                _ => &Memory<T, Integer32>,
            };
            return true;
        }

        b.Op->Dst = (byte)b.Instruction.Op0Register.GetNumber();
        b.Op->Src = (byte)b.Instruction.Op1Register.GetNumber();
        bool pops = b.Instruction.Mnemonic is Mnemonic.Faddp or Mnemonic.Fsubp or Mnemonic.Fsubrp
            or Mnemonic.Fmulp or Mnemonic.Fdivp or Mnemonic.Fdivrp;
        b.Op->Immediate = pops ? 1UL : 0;
        b.Op->Run = &Registers<T>;
        return true;
    }

    private static Op* Memory<T, TSource>(Vcpu vcpu, CpuState* s, Op* op)
        where T : struct, IX87Binary
        where TSource : struct, IX87Source
    {
        byte* from = X87.Read(vcpu, s, op, TSource.Bytes);
        if (from is null)
        {
            return null;
        }

        if (X87.InUse(s, 0))
        {
            Compute<T>(s, op, TSource.Read(from));
        }
        else if (X87.TryStackFault(s, 0))
        {
            X87.Set(s, 0, FpNumber.Indefinite);
        }

        return op + 1;
    }

    private static Op* Registers<T>(Vcpu vcpu, CpuState* s, Op* op)
        where T : struct, IX87Binary
    {
        if (!X87.TryBegin(vcpu, s, op))
        {
            return null;
        }

        if (X87.InUse(s, op->Dst) && X87.InUse(s, op->Src))
        {
            Compute<T>(s, op, X87.Get(s, op->Src));
        }
        else if (X87.TryStackFault(s, 0))
        {
            X87.Set(s, op->Dst, FpNumber.Indefinite);
            X87.Pop(s, op->Immediate);
        }

        return op + 1;
    }

    private static void Compute<T>(CpuState* s, Op* op, in FpNumber src)
        where T : struct, IX87Binary
    {
        FpContext c = X87.Context(s);
        FpNumber dst = X87.Get(s, op->Dst);
        FpNumber result = X87.TryNan(dst, src, ref c, out FpNumber nan) ? nan : T.Apply(dst, src, X87.Target(s), ref c);
        if (X87.Report(s, c))
        {
            X87.Set(s, op->Dst, result);
            X87.Pop(s, op->Immediate);
        }
    }

    private readonly struct Plus : IX87Binary
    {
        public static FpNumber Apply(in FpNumber dst, in FpNumber src, in FpTarget target, ref FpContext c) =>
            FpArithmetic.Add(dst, src, target, ref c);
    }

    private readonly struct Minus : IX87Binary
    {
        public static FpNumber Apply(in FpNumber dst, in FpNumber src, in FpTarget target, ref FpContext c) =>
            FpArithmetic.Add(dst, src.Negate(), target, ref c);
    }

    private readonly struct MinusReversed : IX87Binary
    {
        public static FpNumber Apply(in FpNumber dst, in FpNumber src, in FpTarget target, ref FpContext c) =>
            FpArithmetic.Add(src, dst.Negate(), target, ref c);
    }

    private readonly struct Times : IX87Binary
    {
        public static FpNumber Apply(in FpNumber dst, in FpNumber src, in FpTarget target, ref FpContext c) =>
            FpArithmetic.Multiply(dst, src, target, ref c);
    }

    private readonly struct Over : IX87Binary
    {
        public static FpNumber Apply(in FpNumber dst, in FpNumber src, in FpTarget target, ref FpContext c) =>
            FpArithmetic.Divide(dst, src, target, ref c);
    }

    private readonly struct OverReversed : IX87Binary
    {
        public static FpNumber Apply(in FpNumber dst, in FpNumber src, in FpTarget target, ref FpContext c) =>
            FpArithmetic.Divide(src, dst, target, ref c);
    }
}
