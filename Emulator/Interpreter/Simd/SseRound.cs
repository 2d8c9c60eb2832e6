using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Rounding to integral numbers of the same format.</summary>
/// <remarks>
/// The immediate: bits 1:0 the rounding mode, bit 2 takes MXCSR.RC instead, bit 3 keeps PE from being raised. A denormal operand
/// raises nothing but PE. Source: [SDM2 "ROUNDPD", "ROUNDPS", "ROUNDSD", "ROUNDSS"].
/// </remarks>
internal static unsafe class SseRound
{
    private const uint ByMxcsr = 4;
    private const uint Silent = 8;

    /// <summary>The scalar instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Roundss, VectorEmitter.Emit<Scalar<SingleFormat>>, Mnemonic.Vroundss),
        new(Mnemonic.Roundsd, VectorEmitter.Emit<Scalar<DoubleFormat>>, Mnemonic.Vroundsd),
    ];

    /// <summary>The rounded lane.</summary>
    public static ulong Lane<TFormat>(ulong bits, uint control, ref FpContext c)
        where TFormat : struct, IFpFormat
    {
        FpRounding rounding = (control & ByMxcsr) != 0 ? c.Rounding : (FpRounding)(control & 3);
        double value = TFormat.Bytes == 8 ? BitConverter.UInt64BitsToDouble(bits) : BitConverter.UInt32BitsToSingle((uint)bits);
        if (!(TFormat.Bytes == 8 ? SseMath.Plain(value) : SseMath.Plain((float)value)))
        {
            return Exact<TFormat>(bits, rounding, control, ref c);
        }

        double rounded = rounding switch
        {
            FpRounding.Nearest => Math.Round(value, MidpointRounding.ToEven),
            FpRounding.Down => Math.Floor(value),
            FpRounding.Up => Math.Ceiling(value),
            FpRounding.Zero => Math.Truncate(value),
        };
        c.Flags |= rounded != value && (control & Silent) == 0 ? FpFlags.PE : 0;
        return TFormat.Bytes == 8 ? BitConverter.DoubleToUInt64Bits(rounded) : BitConverter.SingleToUInt32Bits((float)rounded);
    }

    /// <summary>All lanes of a vector, under a settled MXCSR, where all are zeros or normal numbers.</summary>
    public static bool TryHost<TFormat>(V lanes, uint control, out V result)
        where TFormat : struct, IFpFormat
    {
        FpRounding rounding = (control & ByMxcsr) != 0 ? FpRounding.Nearest : (FpRounding)(control & 3);
        if (TFormat.Bytes == 8)
        {
            Vector128<double> doubles = lanes.AsDouble();
            Vector128<double> rounded = rounding switch
            {
                FpRounding.Nearest => Vector128.Round(doubles),
                FpRounding.Down => Vector128.Floor(doubles),
                FpRounding.Up => Vector128.Ceiling(doubles),
                FpRounding.Zero => Vector128.Truncate(doubles),
            };
            result = rounded.AsByte();
            return Vector128.EqualsAll((SseMath.NotDenormal(doubles) & SseMath.Finite(doubles)).AsByte(), V.AllBitsSet);
        }

        Vector128<float> singles = lanes.AsSingle();
        Vector128<float> integral = rounding switch
        {
            FpRounding.Nearest => Vector128.Round(singles),
            FpRounding.Down => Vector128.Floor(singles),
            FpRounding.Up => Vector128.Ceiling(singles),
            FpRounding.Zero => Vector128.Truncate(singles),
        };
        result = integral.AsByte();
        return Vector128.EqualsAll((SseMath.NotDenormal(singles) & SseMath.Finite(singles)).AsByte(), V.AllBitsSet);
    }

    /// <summary>The rounded lane in integers only.</summary>
    public static ulong Exact<TFormat>(ulong bits, FpRounding rounding, uint control, ref FpContext c)
        where TFormat : struct, IFpFormat
    {
        FpNumber number = FpCodec.Unpack<TFormat>(bits, c);
        if (SseMath.TryNan(number, number, ref c, out FpNumber nan))
        {
            return FpCodec.Pack<TFormat>(nan);
        }

        FpContext own = c with { Rounding = rounding, Flags = 0 };
        FpNumber integral = FpConvert.ToIntegral(number, ref own);
        c.Flags |= (control & Silent) == 0 ? own.Flags : own.Flags & ~FpFlags.PE;
        return FpCodec.Pack<TFormat>(integral);
    }

    private readonly struct Scalar<TFormat> : IVectorHandler
        where TFormat : struct, IFpFormat
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => TFormat.Bytes;

        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            FpContext c = FpContext.OfMxcsr(s->Mxcsr);
            V result = *TForm.First(s, op);
            ulong rounded = Lane<TFormat>(SseFloat.Lane<TFormat>(source, 0), (uint)op->Immediate, ref c);
            if (c.Flags != 0 && SseFloat.Report(s, c))
            {
                return SseFloat.Raise(vcpu, op);
            }

            SseFloat.SetLane<TFormat>((byte*)&result, 0, rounded);
            V* dst = VectorOperands.Dst(s, op);
            *dst = result;
            TForm.ClearAbove(dst);
            return op + 1;
        }
    }
}
