using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>Arithmetic of singles and doubles, scalar and packed.</summary>
/// <remarks>
/// Two ways to the same bits. While all exceptions are masked and rounding is to nearest, operands and result that are zero or
/// safely normal go through the host's own IEEE arithmetic; whether the result is exact is asked only until PE is set, by the error
/// term. Everything else takes the integer way of <see cref="FpArithmetic"/>, so that nothing depends on the host.
/// Source: [SDM1 "Programming with SSE", "SIMD Floating-Point Exceptions and Exception Conditions"].
/// </remarks>
internal static unsafe class SseFloat
{
    private const uint ModeMask = 0x7F80;
    private const uint UsualMode = 0x1F80;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Addss, EmitScalar<SseAdd, SingleFormat>),
        new(Mnemonic.Addsd, EmitScalar<SseAdd, DoubleFormat>),
        new(Mnemonic.Addps, EmitPacked<SseAdd, SingleFormat>),
        new(Mnemonic.Addpd, EmitPacked<SseAdd, DoubleFormat>),
        new(Mnemonic.Subss, EmitScalar<SseSub, SingleFormat>),
        new(Mnemonic.Subsd, EmitScalar<SseSub, DoubleFormat>),
        new(Mnemonic.Subps, EmitPacked<SseSub, SingleFormat>),
        new(Mnemonic.Subpd, EmitPacked<SseSub, DoubleFormat>),
        new(Mnemonic.Mulss, EmitScalar<SseMul, SingleFormat>),
        new(Mnemonic.Mulsd, EmitScalar<SseMul, DoubleFormat>),
        new(Mnemonic.Mulps, EmitPacked<SseMul, SingleFormat>),
        new(Mnemonic.Mulpd, EmitPacked<SseMul, DoubleFormat>),
        new(Mnemonic.Divss, EmitScalar<SseDiv, SingleFormat>),
        new(Mnemonic.Divsd, EmitScalar<SseDiv, DoubleFormat>),
        new(Mnemonic.Divps, EmitPacked<SseDiv, SingleFormat>),
        new(Mnemonic.Divpd, EmitPacked<SseDiv, DoubleFormat>),
        new(Mnemonic.Sqrtss, EmitScalar<SseSqrt, SingleFormat>),
        new(Mnemonic.Sqrtsd, EmitScalar<SseSqrt, DoubleFormat>),
        new(Mnemonic.Sqrtps, EmitPacked<SseSqrt, SingleFormat>),
        new(Mnemonic.Sqrtpd, EmitPacked<SseSqrt, DoubleFormat>),
        new(Mnemonic.Minss, EmitScalar<SseMin, SingleFormat>),
        new(Mnemonic.Minsd, EmitScalar<SseMin, DoubleFormat>),
        new(Mnemonic.Minps, EmitPacked<SseMin, SingleFormat>),
        new(Mnemonic.Minpd, EmitPacked<SseMin, DoubleFormat>),
        new(Mnemonic.Maxss, EmitScalar<SseMax, SingleFormat>),
        new(Mnemonic.Maxsd, EmitScalar<SseMax, DoubleFormat>),
        new(Mnemonic.Maxps, EmitPacked<SseMax, SingleFormat>),
        new(Mnemonic.Maxpd, EmitPacked<SseMax, DoubleFormat>),
    ];

    /// <summary>Notes the flags of <paramref name="c"/> in MXCSR.</summary>
    /// <returns>True when one of them is unmasked: the instruction has to end in <see cref="Raise"/>, its destination unchanged.</returns>
    public static bool Report(CpuState* s, in FpContext c)
    {
        s->Mxcsr |= c.Reported;
        return c.Unmasked != 0;
    }

    /// <summary>#XM.</summary>
    public static Op* Raise(Vcpu vcpu, Op* op) => vcpu.Raise(op, ExceptionVector.XM);

    private static bool EmitScalar<TMath, TFormat>(ref OpBuilder b)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
    {
        SseForms.Take(ref b);
        b.Op->Run = b.IsMemory(1) ? &ScalarMemory<TMath, TFormat> : &ScalarRegister<TMath, TFormat>;
        return true;
    }

    private static bool EmitPacked<TMath, TFormat>(ref OpBuilder b)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
    {
        SseForms.Take(ref b);
        b.Op->Run = b.IsMemory(1) ? &PackedMemory<TMath, TFormat> : &PackedRegister<TMath, TFormat>;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ScalarRegister<TMath, TFormat>(Vcpu vcpu, CpuState* s, Op* op)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat => Scalar<TMath, TFormat>(vcpu, s, op, (byte*)SseForms.Src(s, op));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ScalarMemory<TMath, TFormat>(Vcpu vcpu, CpuState* s, Op* op)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TFormat.Bytes);
        return from is null ? vcpu.Fault(op) : Scalar<TMath, TFormat>(vcpu, s, op, from);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Op* Scalar<TMath, TFormat>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
    {
        byte* dst = (byte*)SseForms.Dst(s, op);
        return TryLane<TMath, TFormat>(s, dst, source, dst) ? op + 1 : ExactScalar<TMath, TFormat>(vcpu, s, op, source);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryLane<TMath, TFormat>(CpuState* s, byte* a, byte* b, byte* result)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
    {
        if ((s->Mxcsr & ModeMask) != UsualMode)
        {
            return false;
        }

        bool done;
        bool exact;
        if (TFormat.Bytes == 8)
        {
            done = TMath.TryHost(*(double*)a, *(double*)b, out double value, out exact);
            *(double*)result = done ? value : *(double*)result;
        }
        else
        {
            done = TMath.TryHost(*(float*)a, *(float*)b, out float value, out exact);
            *(float*)result = done ? value : *(float*)result;
        }

        if (done && (s->Mxcsr & FpFlags.PE) == 0 && !exact)
        {
            s->Mxcsr |= FpFlags.PE;
        }

        return done;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* ExactScalar<TMath, TFormat>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
    {
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        byte* dst = (byte*)SseForms.Dst(s, op);
        ulong result = TMath.Apply<TFormat>(Lane<TFormat>(dst, 0), Lane<TFormat>(source, 0), ref c);
        if (Report(s, c))
        {
            return Raise(vcpu, op);
        }

        SetLane<TFormat>(dst, 0, result);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* PackedRegister<TMath, TFormat>(Vcpu vcpu, CpuState* s, Op* op)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat => Packed<TMath, TFormat>(vcpu, s, op, (byte*)SseForms.Src(s, op));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* PackedMemory<TMath, TFormat>(Vcpu vcpu, CpuState* s, Op* op)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
    {
        byte* from = SseForms.ReadAligned(vcpu, s, op);
        return from is null ? null : Packed<TMath, TFormat>(vcpu, s, op, from);
    }

    private static Op* Packed<TMath, TFormat>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
    {
        byte* dst = (byte*)SseForms.Dst(s, op);
        UInt128 results = *(UInt128*)dst;
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        for (int i = 0; i < 16; i += TFormat.Bytes)
        {
            if (!TryLane<TMath, TFormat>(s, dst + i, source + i, (byte*)&results + i))
            {
                ulong result = TMath.Apply<TFormat>(Lane<TFormat>(dst, i), Lane<TFormat>(source, i), ref c);
                SetLane<TFormat>((byte*)&results, i, result);
            }
        }

        if (c.Flags != 0 && Report(s, c))
        {
            return Raise(vcpu, op);
        }

        *(UInt128*)dst = results;
        return op + 1;
    }

    /// <summary>The lane at byte <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Lane<TFormat>(byte* from, int at)
        where TFormat : struct, IFpFormat => TFormat.Bytes == 8 ? *(ulong*)(from + at) : *(uint*)(from + at);

    /// <summary>Writes the lane at byte <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetLane<TFormat>(byte* to, int at, ulong value)
        where TFormat : struct, IFpFormat
    {
        if (TFormat.Bytes == 8)
        {
            *(ulong*)(to + at) = value;
        }
        else
        {
            *(uint*)(to + at) = (uint)value;
        }
    }
}
