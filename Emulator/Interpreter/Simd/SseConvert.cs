using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Conversions between scalars and general registers, and between single and double.</summary>
/// <remarks>
/// A value that does not fit the integer, and NaN, give the least integer and IE. Source: [SDM2 "CVTSI2SD", "CVTSD2SI",
/// "CVTTSD2SI", "CVTSS2SD", "CVTSD2SS"].
/// </remarks>
internal static unsafe class SseConvert
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Cvtsi2ss, EmitFromGeneral<SingleFormat>, Mnemonic.Vcvtsi2ss),
        new(Mnemonic.Cvtsi2sd, EmitFromGeneral<DoubleFormat>, Mnemonic.Vcvtsi2sd),
        new(Mnemonic.Cvtss2si, EmitToGeneral<SingleFormat, AsControlled>, Mnemonic.Vcvtss2si),
        new(Mnemonic.Cvtsd2si, EmitToGeneral<DoubleFormat, AsControlled>, Mnemonic.Vcvtsd2si),
        new(Mnemonic.Cvttss2si, EmitToGeneral<SingleFormat, Truncated>, Mnemonic.Vcvttss2si),
        new(Mnemonic.Cvttsd2si, EmitToGeneral<DoubleFormat, Truncated>, Mnemonic.Vcvttsd2si),
        new(Mnemonic.Cvtss2sd, VectorEmitter.Emit<Scalar<SingleFormat, DoubleFormat>>, Mnemonic.Vcvtss2sd),
        new(Mnemonic.Cvtsd2ss, VectorEmitter.Emit<Scalar<DoubleFormat, SingleFormat>>, Mnemonic.Vcvtsd2ss),
    ];

    /// <summary>Whether a conversion rounds as MXCSR says or toward zero.</summary>
    internal interface IIntegerRounding
    {
        /// <summary>True when MXCSR does not count.</summary>
        static abstract bool Truncates { get; }

        /// <summary>The rounding to use in place of <paramref name="controlled"/>.</summary>
        static abstract FpRounding Of(FpRounding controlled);
    }

    /// <summary>The number rounded into another format; NaNs become quiet.</summary>
    public static ulong Between<TFrom, TTo>(ulong bits, ref FpContext c)
        where TFrom : struct, IFpFormat
        where TTo : struct, IFpFormat
    {
        FpNumber a = FpCodec.Unpack<TFrom>(bits, c);
        if (SseMath.TryNan(a, a, ref c, out FpNumber nan))
        {
            return FpCodec.Pack<TTo>(nan);
        }

        FpArithmetic.NoteDenormal(a, a, ref c);
        return FpCodec.Pack<TTo>(a.Kind == FpKind.Finite ? FpRounder.Round(a.Widen(), TTo.Target, ref c) : a);
    }

    /// <summary>The integer rounded into a format.</summary>
    public static ulong FromInteger<TTo>(long value, ref FpContext c)
        where TTo : struct, IFpFormat
    {
        FpNumber a = FpConvert.FromInteger(value);
        return FpCodec.Pack<TTo>(a.Kind == FpKind.Finite ? FpRounder.Round(a.Widen(), TTo.Target, ref c) : a);
    }

    /// <summary>The lane as an integer of <paramref name="bits"/> bits.</summary>
    public static long ToInteger<TFrom, TRounding>(ulong lane, int bits, ref FpContext c)
        where TFrom : struct, IFpFormat
        where TRounding : struct, IIntegerRounding
    {
        c.Rounding = TRounding.Of(c.Rounding);
        return FpConvert.ToInteger(FpCodec.Unpack<TFrom>(lane, c), bits, ref c);
    }

    private static bool EmitFromGeneral<TFormat>(ref OpBuilder b)
        where TFormat : struct, IFpFormat
    {
        VectorOperands.Take(ref b);
        if (b.Instruction.Code is Code.Cvtsi2ss_xmm_rm64 or Code.Cvtsi2sd_xmm_rm64 or Code.VEX_Vcvtsi2ss_xmm_xmm_rm64 or Code.VEX_Vcvtsi2sd_xmm_xmm_rm64)
        {
            VectorEmitter.SetRun<FromGeneral<TFormat, W64>>(ref b);
            return true;
        }

        VectorEmitter.SetRun<FromGeneral<TFormat, W32>>(ref b);
        return true;
    }

    private static bool EmitToGeneral<TFormat, TRounding>(ref OpBuilder b)
        where TFormat : struct, IFpFormat
        where TRounding : struct, IIntegerRounding
    {
        VectorOperands.Take(ref b);
        if (b.Instruction.Op0Register.GetSize() == 8)
        {
            VectorEmitter.SetRun<ToGeneral<TFormat, TRounding, W64>>(ref b);
            return true;
        }

        VectorEmitter.SetRun<ToGeneral<TFormat, TRounding, W32>>(ref b);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* ExactFromGeneral<TFormat, TForm>(Vcpu vcpu, CpuState* s, Op* op, long value)
        where TFormat : struct, IFpFormat
        where TForm : struct, IVectorForm
    {
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        ulong result = FromInteger<TFormat>(value, ref c);
        if (SseFloat.Report(s, c))
        {
            return SseFloat.Raise(vcpu, op);
        }

        SseFloat.PutScalar<TFormat, TForm>(s, op, result);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* ExactToGeneral<TFormat, TRounding, TWidth>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TFormat : struct, IFpFormat
        where TRounding : struct, IIntegerRounding
        where TWidth : struct, IWidth
    {
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        long value = ToInteger<TFormat, TRounding>(SseFloat.Lane<TFormat>(source, 0), 64 - TWidth.Shift, ref c);
        if (SseFloat.Report(s, c))
        {
            return SseFloat.Raise(vcpu, op);
        }

        TWidth.WriteRegister(Operands.Dst(s, op), (ulong)value);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* ExactScalar<TFrom, TTo, TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TFrom : struct, IFpFormat
        where TTo : struct, IFpFormat
        where TForm : struct, IVectorForm
    {
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        ulong result = Between<TFrom, TTo>(SseFloat.Lane<TFrom>(source, 0), ref c);
        if (SseFloat.Report(s, c))
        {
            return SseFloat.Raise(vcpu, op);
        }

        SseFloat.PutScalar<TTo, TForm>(s, op, result);
        return op + 1;
    }

    private readonly struct FromGeneral<TFormat, TWidth> : IVectorHandler
        where TFormat : struct, IFpFormat
        where TWidth : struct, IWidth
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => TWidth.Bytes;

        /// <summary>An integer that the format holds exactly raises nothing, however MXCSR rounds.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            int spare = 63 - TFormat.FractionBits - 1;
            long value = (long)(TWidth.Read(source) << TWidth.Shift) >> TWidth.Shift;
            if (value << spare >> spare != value)
            {
                return ExactFromGeneral<TFormat, TForm>(vcpu, s, op, value);
            }

            ulong result = TFormat.Bytes == 8 ? BitConverter.DoubleToUInt64Bits(value) : BitConverter.SingleToUInt32Bits(value);
            SseFloat.PutScalar<TFormat, TForm>(s, op, result);
            return op + 1;
        }
    }

    private readonly struct ToGeneral<TFormat, TRounding, TWidth> : IVectorHandler
        where TFormat : struct, IFpFormat
        where TRounding : struct, IIntegerRounding
        where TWidth : struct, IWidth
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => TFormat.Bytes;

        /// <summary>With PE set, a number that is zero or normal and well inside the integer's range leaves nothing to raise.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            double value = TFormat.Bytes == 8 ? *(double*)source : *(float*)source;
            bool plain = TFormat.Bytes == 8 ? SseMath.Plain(value) : SseMath.Plain(*(float*)source);
            double limit = TWidth.Bytes == 8 ? 9.2e18 : 2147483647.0;
            if (!plain || !(Math.Abs(value) < limit) || !SseFloat.IsSettled(s))
            {
                return ExactToGeneral<TFormat, TRounding, TWidth>(vcpu, s, op, source);
            }

            TWidth.WriteRegister(Operands.Dst(s, op), (ulong)(long)(TRounding.Truncates ? value : Math.Round(value)));
            return op + 1;
        }
    }

    private readonly struct Scalar<TFrom, TTo> : IVectorHandler
        where TFrom : struct, IFpFormat
        where TTo : struct, IFpFormat
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => TFrom.Bytes;

        /// <summary>Widening a zero or a normal number raises nothing; narrowing to a safe one at most PE.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            if (TFrom.Bytes == 4)
            {
                float single = *(float*)source;
                if (!SseMath.Plain(single))
                {
                    return ExactScalar<TFrom, TTo, TForm>(vcpu, s, op, source);
                }

                SseFloat.PutScalar<TTo, TForm>(s, op, BitConverter.DoubleToUInt64Bits(single));
                return op + 1;
            }

            float result = (float)*(double*)source;
            if (!SseMath.Plain(*(double*)source) || !(SseMath.Safe(result) || *(double*)source == 0) || !SseFloat.IsSettled(s))
            {
                return ExactScalar<TFrom, TTo, TForm>(vcpu, s, op, source);
            }

            SseFloat.PutScalar<TTo, TForm>(s, op, BitConverter.SingleToUInt32Bits(result));
            return op + 1;
        }
    }

    /// <summary>Rounds as MXCSR.RC says.</summary>
    internal readonly struct AsControlled : IIntegerRounding
    {
        public static bool Truncates => false;

        public static FpRounding Of(FpRounding controlled) => controlled;
    }

    /// <summary>Rounds toward zero.</summary>
    internal readonly struct Truncated : IIntegerRounding
    {
        public static bool Truncates => true;

        public static FpRounding Of(FpRounding controlled) => FpRounding.Zero;
    }
}
