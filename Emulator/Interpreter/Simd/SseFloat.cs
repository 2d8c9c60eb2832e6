using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Arithmetic of singles and doubles, scalar and packed.</summary>
/// <remarks>
/// Two ways to the same bits. While all exceptions are masked and rounding is to nearest, operands and result that are zero or
/// safely normal go through the host's own IEEE arithmetic; whether the result is exact is asked only until PE is set, by the error
/// term. Everything else takes the integer way of <see cref="FpArithmetic"/>, so that nothing depends on the host.
/// The quickest handlers expect PE to be set, and hand over to a twin without a stack frame of their own otherwise.
/// Source: [SDM1 "Programming with SSE", "SIMD Floating-Point Exceptions and Exception Conditions"].
/// </remarks>
internal static unsafe class SseFloat
{
    private const uint ModeMask = 0x7F80;
    private const uint UsualMode = 0x1F80;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Addss, VectorEmitter.Emit<ScalarMath<SseAdd, SingleFormat>>, Mnemonic.Vaddss),
        new(Mnemonic.Addsd, VectorEmitter.Emit<ScalarMath<SseAdd, DoubleFormat>>, Mnemonic.Vaddsd),
        new(Mnemonic.Addps, VectorEmitter.Emit<PackedMath<SseAdd, SingleFormat>>, Mnemonic.Vaddps),
        new(Mnemonic.Addpd, VectorEmitter.Emit<PackedMath<SseAdd, DoubleFormat>>, Mnemonic.Vaddpd),
        new(Mnemonic.Subss, VectorEmitter.Emit<ScalarMath<SseSub, SingleFormat>>, Mnemonic.Vsubss),
        new(Mnemonic.Subsd, VectorEmitter.Emit<ScalarMath<SseSub, DoubleFormat>>, Mnemonic.Vsubsd),
        new(Mnemonic.Subps, VectorEmitter.Emit<PackedMath<SseSub, SingleFormat>>, Mnemonic.Vsubps),
        new(Mnemonic.Subpd, VectorEmitter.Emit<PackedMath<SseSub, DoubleFormat>>, Mnemonic.Vsubpd),
        new(Mnemonic.Mulss, VectorEmitter.Emit<ScalarMath<SseMul, SingleFormat>>, Mnemonic.Vmulss),
        new(Mnemonic.Mulsd, VectorEmitter.Emit<ScalarMath<SseMul, DoubleFormat>>, Mnemonic.Vmulsd),
        new(Mnemonic.Mulps, VectorEmitter.Emit<PackedMath<SseMul, SingleFormat>>, Mnemonic.Vmulps),
        new(Mnemonic.Mulpd, VectorEmitter.Emit<PackedMath<SseMul, DoubleFormat>>, Mnemonic.Vmulpd),
        new(Mnemonic.Divss, VectorEmitter.Emit<ScalarMath<SseDiv, SingleFormat>>, Mnemonic.Vdivss),
        new(Mnemonic.Divsd, VectorEmitter.Emit<ScalarMath<SseDiv, DoubleFormat>>, Mnemonic.Vdivsd),
        new(Mnemonic.Divps, VectorEmitter.Emit<PackedMath<SseDiv, SingleFormat>>, Mnemonic.Vdivps),
        new(Mnemonic.Divpd, VectorEmitter.Emit<PackedMath<SseDiv, DoubleFormat>>, Mnemonic.Vdivpd),
        new(Mnemonic.Sqrtss, VectorEmitter.Emit<ScalarMath<SseSqrt, SingleFormat>>, Mnemonic.Vsqrtss),
        new(Mnemonic.Sqrtsd, VectorEmitter.Emit<ScalarMath<SseSqrt, DoubleFormat>>, Mnemonic.Vsqrtsd),
        new(Mnemonic.Sqrtps, VectorEmitter.Emit<PackedMath<SseSqrt, SingleFormat>>, Mnemonic.Vsqrtps),
        new(Mnemonic.Sqrtpd, VectorEmitter.Emit<PackedMath<SseSqrt, DoubleFormat>>, Mnemonic.Vsqrtpd),
        new(Mnemonic.Minss, VectorEmitter.Emit<ScalarMath<SseMin, SingleFormat>>, Mnemonic.Vminss),
        new(Mnemonic.Minsd, VectorEmitter.Emit<ScalarMath<SseMin, DoubleFormat>>, Mnemonic.Vminsd),
        new(Mnemonic.Minps, VectorEmitter.Emit<PackedMath<SseMin, SingleFormat>>, Mnemonic.Vminps),
        new(Mnemonic.Minpd, VectorEmitter.Emit<PackedMath<SseMin, DoubleFormat>>, Mnemonic.Vminpd),
        new(Mnemonic.Maxss, VectorEmitter.Emit<ScalarMath<SseMax, SingleFormat>>, Mnemonic.Vmaxss),
        new(Mnemonic.Maxsd, VectorEmitter.Emit<ScalarMath<SseMax, DoubleFormat>>, Mnemonic.Vmaxsd),
        new(Mnemonic.Maxps, VectorEmitter.Emit<PackedMath<SseMax, SingleFormat>>, Mnemonic.Vmaxps),
        new(Mnemonic.Maxpd, VectorEmitter.Emit<PackedMath<SseMax, DoubleFormat>>, Mnemonic.Vmaxpd),
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

    /// <summary>True for the usual rounding and masks, with nothing left for an inexact result to change.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSettled(CpuState* s) => (s->Mxcsr & (ModeMask | FpFlags.PE)) == (UsualMode | FpFlags.PE);

    /// <summary>True for rounding to nearest with every exception masked, denormals as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUsual(CpuState* s) => (s->Mxcsr & ModeMask) == UsualMode;

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

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static Op* SoftScalar<TMath, TFormat, TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
        where TForm : struct, IVectorForm
    {
        Vector128<byte> a = *TForm.First(s, op);
        ulong x = Lane<TFormat>((byte*)&a, 0);
        ulong y = Lane<TFormat>(source, 0);
        if (!IsUsual(s) || !FpLane.TryLane<TMath, TFormat>(s, x, y, out ulong result))
        {
            FpContext c = FpContext.OfMxcsr(s->Mxcsr);
            result = TMath.Apply<TFormat>(x, y, ref c);
            if (Report(s, c))
            {
                return Raise(vcpu, op);
            }
        }

        PutScalar<TFormat, TForm>(s, op, result);
        return op + 1;
    }

    /// <summary>Writes a scalar result: lane 0, the rest of the lowest 128 bits from the first source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutScalar<TFormat, TForm>(CpuState* s, Op* op, ulong result)
        where TFormat : struct, IFpFormat
        where TForm : struct, IVectorForm
    {
        Vector128<byte> a = *TForm.First(s, op);
        Vector128<byte>* dst = VectorOperands.Dst(s, op);
        dst[0] = TFormat.Bytes == 8
            ? a.AsUInt64().WithElement(0, result).AsByte()
            : a.AsUInt32().WithElement(0, (uint)result).AsByte();
        TForm.ClearAbove(dst);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static Op* SoftPacked<TMath, TFormat, TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
        where TForm : struct, IVectorForm
    {
        byte* a = (byte*)TForm.First(s, op);
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        bool usual = IsUsual(s);
        Vector256<byte> results = default;
        for (int i = 0; i < 16 * TForm.Lanes; i += TFormat.Bytes)
        {
            ulong x = Lane<TFormat>(a, i);
            ulong y = Lane<TFormat>(source, i);
            if (!usual || !FpLane.TryLane<TMath, TFormat>(s, x, y, out ulong result))
            {
                result = TMath.Apply<TFormat>(x, y, ref c);
            }

            SetLane<TFormat>((byte*)&results, i, result);
        }

        if (Report(s, c))
        {
            return Raise(vcpu, op);
        }

        PutLanes<TForm>(s, op, results);
        return op + 1;
    }

    /// <summary>Writes a packed result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutLanes<TForm>(CpuState* s, Op* op, in Vector256<byte> results)
        where TForm : struct, IVectorForm
    {
        Vector128<byte>* dst = VectorOperands.Dst(s, op);
        dst[0] = results.GetLower();
        if (TForm.Lanes == 2)
        {
            dst[1] = results.GetUpper();
        }

        TForm.ClearAbove(dst);
    }

    private readonly struct ScalarMath<TMath, TFormat> : IVectorHandler
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => TFormat.Bytes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            Vector128<byte> a = *TForm.First(s, op);
            Vector128<byte> result;
            if (!IsSettled(s))
            {
                return SoftScalar<TMath, TFormat, TForm>(vcpu, s, op, source);
            }

            if (TFormat.Bytes == 8)
            {
                if (!TMath.TryHost(a.AsDouble().ToScalar(), *(double*)source, out double value))
                {
                    return SoftScalar<TMath, TFormat, TForm>(vcpu, s, op, source);
                }

                result = a.AsDouble().WithElement(0, value).AsByte();
            }
            else
            {
                if (!TMath.TryHost(a.AsSingle().ToScalar(), *(float*)source, out float value))
                {
                    return SoftScalar<TMath, TFormat, TForm>(vcpu, s, op, source);
                }

                result = a.AsSingle().WithElement(0, value).AsByte();
            }

            Vector128<byte>* dst = VectorOperands.Dst(s, op);
            dst[0] = result;
            TForm.ClearAbove(dst);
            return op + 1;
        }
    }

    private readonly struct PackedMath<TMath, TFormat> : IVectorHandler
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 16 * TForm.Lanes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            Vector128<byte>* a = TForm.First(s, op);
            Vector128<byte>* b = (Vector128<byte>*)source;
            Vector128<byte> usual = Lane(a[0], b[0], out Vector128<byte> low);
            Vector128<byte> high = default;
            if (TForm.Lanes == 2)
            {
                usual &= Lane(a[1], b[1], out high);
            }

            if (!Vector128.EqualsAll(usual, Vector128<byte>.AllBitsSet)
                || !(IsSettled(s) || ExactLanes.Are<TMath, TFormat, TForm>(s, (byte*)a, source, low, high)))
            {
                return SoftPacked<TMath, TFormat, TForm>(vcpu, s, op, source);
            }

            Vector128<byte>* dst = VectorOperands.Dst(s, op);
            dst[0] = low;
            if (TForm.Lanes == 2)
            {
                dst[1] = high;
            }

            TForm.ClearAbove(dst);
            return op + 1;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<byte> Lane(Vector128<byte> a, Vector128<byte> b, out Vector128<byte> result)
        {
            if (TFormat.Bytes == 8)
            {
                Vector128<double> usual = TMath.Host(a.AsDouble(), b.AsDouble(), out Vector128<double> doubles);
                result = doubles.AsByte();
                return usual.AsByte();
            }
            else
            {
                Vector128<float> usual = TMath.Host(a.AsSingle(), b.AsSingle(), out Vector128<float> singles);
                result = singles.AsByte();
                return usual.AsByte();
            }
        }
    }
}
