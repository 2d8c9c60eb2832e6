using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

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
        new(Mnemonic.Cvtsi2ss, EmitFromGeneral<SingleFormat>),
        new(Mnemonic.Cvtsi2sd, EmitFromGeneral<DoubleFormat>),
        new(Mnemonic.Cvtss2si, EmitToGeneral<SingleFormat, AsControlled>),
        new(Mnemonic.Cvtsd2si, EmitToGeneral<DoubleFormat, AsControlled>),
        new(Mnemonic.Cvttss2si, EmitToGeneral<SingleFormat, Truncated>),
        new(Mnemonic.Cvttsd2si, EmitToGeneral<DoubleFormat, Truncated>),
        new(Mnemonic.Cvtss2sd, EmitBetween<SingleFormat, DoubleFormat>),
        new(Mnemonic.Cvtsd2ss, EmitBetween<DoubleFormat, SingleFormat>),
    ];

    /// <summary>Whether a conversion rounds as MXCSR says or toward zero.</summary>
    internal interface IIntegerRounding
    {
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
        SseForms.Take(ref b);
        bool wide = b.Instruction.Code is Code.Cvtsi2ss_xmm_rm64 or Code.Cvtsi2sd_xmm_rm64;
        b.Op->Run = wide
            ? b.IsMemory(1) ? &FromMemory<TFormat, W64> : &FromGeneral<TFormat, W64>
            : b.IsMemory(1) ? &FromMemory<TFormat, W32> : &FromGeneral<TFormat, W32>;
        return true;
    }

    private static bool EmitToGeneral<TFormat, TRounding>(ref OpBuilder b)
        where TFormat : struct, IFpFormat
        where TRounding : struct, IIntegerRounding
    {
        SseForms.Take(ref b);
        b.Op->Immediate = (ulong)b.Instruction.Op0Register.GetSize() * 8;
        b.Op->Run = b.IsMemory(1) ? &ToGeneralMemory<TFormat, TRounding> : &ToGeneralRegister<TFormat, TRounding>;
        return true;
    }

    private static bool EmitBetween<TFrom, TTo>(ref OpBuilder b)
        where TFrom : struct, IFpFormat
        where TTo : struct, IFpFormat
    {
        SseForms.Take(ref b);
        b.Op->Run = b.IsMemory(1) ? &BetweenMemory<TFrom, TTo> : &BetweenRegister<TFrom, TTo>;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* FromGeneral<TFormat, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TFormat : struct, IFpFormat
        where TWidth : struct, IWidth => From<TFormat, TWidth>(vcpu, s, op, TWidth.Read(Operands.Src(s, op)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* FromMemory<TFormat, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TFormat : struct, IFpFormat
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        return from is null ? vcpu.Fault(op) : From<TFormat, TWidth>(vcpu, s, op, TWidth.Read(from));
    }

    private static Op* From<TFormat, TWidth>(Vcpu vcpu, CpuState* s, Op* op, ulong source)
        where TFormat : struct, IFpFormat
        where TWidth : struct, IWidth
    {
        long value = (long)(source << TWidth.Shift) >> TWidth.Shift;
        byte* dst = (byte*)SseForms.Dst(s, op);
        if (TFormat.Bytes == 8 && value == (int)value)
        {
            *(double*)dst = value;
            return op + 1;
        }

        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        ulong result = FromInteger<TFormat>(value, ref c);
        if (SseFloat.Report(s, c))
        {
            return SseFloat.Raise(vcpu, op);
        }

        SseFloat.SetLane<TFormat>(dst, 0, result);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ToGeneralRegister<TFormat, TRounding>(Vcpu vcpu, CpuState* s, Op* op)
        where TFormat : struct, IFpFormat
        where TRounding : struct, IIntegerRounding => ToGeneral<TFormat, TRounding>(vcpu, s, op, (byte*)SseForms.Src(s, op));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ToGeneralMemory<TFormat, TRounding>(Vcpu vcpu, CpuState* s, Op* op)
        where TFormat : struct, IFpFormat
        where TRounding : struct, IIntegerRounding
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TFormat.Bytes);
        return from is null ? vcpu.Fault(op) : ToGeneral<TFormat, TRounding>(vcpu, s, op, from);
    }

    private static Op* ToGeneral<TFormat, TRounding>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TFormat : struct, IFpFormat
        where TRounding : struct, IIntegerRounding
    {
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        int bits = (int)op->Immediate;
        long value = ToInteger<TFormat, TRounding>(SseFloat.Lane<TFormat>(source, 0), bits, ref c);
        if (SseFloat.Report(s, c))
        {
            return SseFloat.Raise(vcpu, op);
        }

        *(ulong*)Operands.Dst(s, op) = bits == 32 ? (uint)value : (ulong)value;
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* BetweenRegister<TFrom, TTo>(Vcpu vcpu, CpuState* s, Op* op)
        where TFrom : struct, IFpFormat
        where TTo : struct, IFpFormat => Convert<TFrom, TTo>(vcpu, s, op, (byte*)SseForms.Src(s, op));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* BetweenMemory<TFrom, TTo>(Vcpu vcpu, CpuState* s, Op* op)
        where TFrom : struct, IFpFormat
        where TTo : struct, IFpFormat
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TFrom.Bytes);
        return from is null ? vcpu.Fault(op) : Convert<TFrom, TTo>(vcpu, s, op, from);
    }

    private static Op* Convert<TFrom, TTo>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TFrom : struct, IFpFormat
        where TTo : struct, IFpFormat
    {
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        ulong result = Between<TFrom, TTo>(SseFloat.Lane<TFrom>(source, 0), ref c);
        if (SseFloat.Report(s, c))
        {
            return SseFloat.Raise(vcpu, op);
        }

        SseFloat.SetLane<TTo>((byte*)SseForms.Dst(s, op), 0, result);
        return op + 1;
    }

    /// <summary>Rounds as MXCSR.RC says.</summary>
    internal readonly struct AsControlled : IIntegerRounding
    {
        public static FpRounding Of(FpRounding controlled) => controlled;
    }

    /// <summary>Rounds toward zero.</summary>
    internal readonly struct Truncated : IIntegerRounding
    {
        public static FpRounding Of(FpRounding controlled) => FpRounding.Zero;
    }
}
