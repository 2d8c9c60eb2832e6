using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.Simd;
using MmuEmu.Emulator.Interpreter.SoftFloat;
using MmuEmu.Emulator.Models;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Vex;

/// <summary>Conversions between half and single precision.</summary>
/// <remarks>
/// A denormal half counts as it is and raises nothing, whatever MXCSR.DAZ says; a tiny half is made whatever MXCSR.FTZ says.
/// Bits 1:0 of the immediate round, unless bit 2 takes MXCSR.RC. Source: [SDM2 "VCVTPH2PS", "VCVTPS2PH"].
/// </remarks>
internal static unsafe class HalfConversions
{
    private const uint ByMxcsr = 4;
    private const uint ExponentField = 0x7C00;
    private const uint HalfSign = 0x8000;
    private const int FractionShift = 13;
    private const uint ExponentShift = 112 << 23;
    private const uint LeastNormal = 0x3880_0000;
    private const uint GreatestNormal = 0x477F_E000;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Vcvtph2ps, VectorEmitter.Emit<ToSingles>),
        new(Mnemonic.Vcvtps2ph, EmitToHalves),
    ];

    /// <summary>The single that a half stands for; IE for a signaling NaN.</summary>
    public static uint ToSingle(ushort half, ref FpContext c)
    {
        uint field = half & ExponentField;
        if (field is not 0 and not ExponentField)
        {
            return ((uint)(half & HalfSign) << 16) | (((half & (HalfSign - 1u)) << FractionShift) + ExponentShift);
        }

        FpNumber number = FpCodec.Unpack<HalfFormat>(half);
        c.Flags |= number.Kind == FpKind.SignalingNan ? FpFlags.IE : 0;
        return number.IsNan
            ? (uint)FpCodec.Pack<SingleFormat>(number.Quiet())
            : BitConverter.SingleToUInt32Bits((float)BitConverter.UInt16BitsToHalf(half));
    }

    /// <summary>The half that a single rounds to.</summary>
    public static ushort ToHalf(uint single, ref FpContext c)
    {
        uint magnitude = single & 0x7FFF_FFFF;
        if (c.Rounding == FpRounding.Nearest && magnitude is >= LeastNormal and <= GreatestNormal)
        {
            Half near = (Half)BitConverter.UInt32BitsToSingle(single);
            c.Flags |= BitConverter.SingleToUInt32Bits((float)near) == single ? 0 : FpFlags.PE;
            return BitConverter.HalfToUInt16Bits(near);
        }

        FpNumber number = FpCodec.Unpack<SingleFormat>(single, c);
        if (SseMath.TryNan(number, number, ref c, out FpNumber nan))
        {
            return (ushort)FpCodec.Pack<HalfFormat>(nan);
        }

        FpArithmetic.NoteDenormal(number, number, ref c);
        return (ushort)FpCodec.Pack<HalfFormat>(
            number.Kind == FpKind.Finite ? FpRounder.Round(number.Widen(), HalfFormat.Target, ref c) : number);
    }

    private static bool EmitToHalves(ref OpBuilder b)
    {
        VectorOperands.Take(ref b);
        b.Op->Run = !b.IsMemory(0) ? VectorEmitter.Of<ToHalves>(b)
            : b.Model.Has(CpuHabits.HalvesConvertedBeforeStore) ? VectorEmitter.Of<ToHalvesThenMemory>(b)
            : VectorEmitter.Of<ToHalvesInMemory>(b);
        return true;
    }

    private static bool TryHalves(CpuState* s, Op* op, int count, out V halves)
    {
        uint control = (uint)op->Immediate;
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        c.FlushToZero = false;
        c.Rounding = (control & ByMxcsr) != 0 ? c.Rounding : (FpRounding)(control & 3);
        uint* from = (uint*)VectorOperands.Src(s, op);
        V results = V.Zero;
        for (int i = 0; i < count; i++)
        {
            ((ushort*)&results)[i] = ToHalf(from[i], ref c);
        }

        halves = results;
        return c.Flags == 0 || !SseFloat.Report(s, c);
    }

    private readonly struct ToSingles : IVectorHandler
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 8 * TForm.Lanes;

        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            FpContext c = FpContext.OfMxcsr(s->Mxcsr);
            Vector256<byte> results = default;
            for (int i = 0; i < 4 * TForm.Lanes; i++)
            {
                ((uint*)&results)[i] = ToSingle(((ushort*)source)[i], ref c);
            }

            if (c.Flags != 0 && SseFloat.Report(s, c))
            {
                return SseFloat.Raise(vcpu, op);
            }

            SseFloat.PutLanes<TForm>(s, op, results);
            return op + 1;
        }
    }

    private readonly struct ToHalves : IByForm
    {
        public static Handler With<TForm>()
            where TForm : struct, IVectorForm => &Run<TForm>;

        private static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op)
            where TForm : struct, IVectorForm
        {
            if (!TryHalves(s, op, 4 * TForm.Lanes, out V halves))
            {
                return SseFloat.Raise(vcpu, op);
            }

            V* dst = VectorOperands.Dst(s, op);
            (dst[0], dst[1]) = (halves, V.Zero);
            return op + 1;
        }
    }

    private readonly struct ToHalvesInMemory : IByForm
    {
        public static Handler With<TForm>()
            where TForm : struct, IVectorForm => &Run<TForm>;

        private static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op)
            where TForm : struct, IVectorForm
        {
            int bytes = 8 * TForm.Lanes;
            byte* to = vcpu.OpenStore(s, Operands.Address(s, op), bytes);
            if (to is null)
            {
                return vcpu.Fault(op);
            }

            if (!TryHalves(s, op, 4 * TForm.Lanes, out V halves))
            {
                return SseFloat.Raise(vcpu, op);
            }

            new ReadOnlySpan<byte>(&halves, bytes).CopyTo(new Span<byte>(to, bytes));
            vcpu.Commit(s);
            return op + 1;
        }
    }

    /// <summary>The conversion is an operation of its own: its exceptions and flags come before the store, which alignment checks do not see.</summary>
    private readonly struct ToHalvesThenMemory : IByForm
    {
        public static Handler With<TForm>()
            where TForm : struct, IVectorForm => &Run<TForm>;

        private static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op)
            where TForm : struct, IVectorForm
        {
            int bytes = 8 * TForm.Lanes;
            if (!TryHalves(s, op, 4 * TForm.Lanes, out V halves))
            {
                return SseFloat.Raise(vcpu, op);
            }

            byte* to = Probe.OpenAnywhere(vcpu, s, Operands.Address(s, op), bytes);
            if (to is null)
            {
                return vcpu.Fault(op);
            }

            new ReadOnlySpan<byte>(&halves, bytes).CopyTo(new Span<byte>(to, bytes));
            vcpu.Commit(s);
            return op + 1;
        }
    }
}
