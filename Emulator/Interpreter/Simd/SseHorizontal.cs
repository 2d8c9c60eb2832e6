using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Sums and differences of floating-point lanes that lie side by side, and alternating ones.</summary>
/// <remarks>Source: [SDM2 "HADDPS", "HADDPD", "HSUBPS", "HSUBPD", "ADDSUBPS", "ADDSUBPD"].</remarks>
internal static unsafe class SseHorizontal
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Haddps, VectorEmitter.Emit<Exact<Neighbours<SseAdd, SingleFormat>>>, Mnemonic.Vhaddps),
        new(Mnemonic.Haddpd, VectorEmitter.Emit<Exact<Neighbours<SseAdd, DoubleFormat>>>, Mnemonic.Vhaddpd),
        new(Mnemonic.Hsubps, VectorEmitter.Emit<Exact<Neighbours<SseSub, SingleFormat>>>, Mnemonic.Vhsubps),
        new(Mnemonic.Hsubpd, VectorEmitter.Emit<Exact<Neighbours<SseSub, DoubleFormat>>>, Mnemonic.Vhsubpd),
        new(Mnemonic.Addsubps, VectorEmitter.Emit<Exact<Alternating<SingleFormat>>>, Mnemonic.Vaddsubps),
        new(Mnemonic.Addsubpd, VectorEmitter.Emit<Exact<Alternating<DoubleFormat>>>, Mnemonic.Vaddsubpd),
        new(Mnemonic.Roundps, VectorEmitter.Emit<Exact<RoundLanes<SingleFormat>>>, Mnemonic.Vroundps),
        new(Mnemonic.Roundpd, VectorEmitter.Emit<Exact<RoundLanes<DoubleFormat>>>, Mnemonic.Vroundpd),
    ];

    /// <summary>What one lane of 128 bits becomes.</summary>
    internal interface IFpVectorOp
    {
        /// <summary>The result; flags go to the context.</summary>
        static abstract V Apply(V a, V b, uint control, ref FpContext c);

        /// <summary>The host's result where MXCSR is settled and every lane is certain to be the same.</summary>
        static abstract bool TryHost(V a, V b, uint control, out V result);
    }

    private readonly struct Exact<TOp> : IVectorHandler
        where TOp : struct, IFpVectorOp
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 16 * TForm.Lanes;

        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            V* a = TForm.First(s, op);
            V* b = (V*)source;
            V above = V.Zero;
            if (!SseFloat.IsSettled(s)
                || !TOp.TryHost(a[0], b[0], (uint)op->Immediate, out V below)
                || (TForm.Lanes == 2 && !TOp.TryHost(a[1], b[1], (uint)op->Immediate, out above)))
            {
                return Slow<TForm>(vcpu, s, op, source);
            }

            Put<TForm>(s, op, below, above);
            return op + 1;
        }

        private static Op* Slow<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            FpContext c = FpContext.OfMxcsr(s->Mxcsr);
            V* a = TForm.First(s, op);
            V* b = (V*)source;
            V low = TOp.Apply(a[0], b[0], (uint)op->Immediate, ref c);
            V high = TForm.Lanes == 2 ? TOp.Apply(a[1], b[1], (uint)op->Immediate, ref c) : V.Zero;
            if (c.Flags != 0 && SseFloat.Report(s, c))
            {
                return SseFloat.Raise(vcpu, op);
            }

            Put<TForm>(s, op, low, high);
            return op + 1;
        }

        private static void Put<TForm>(CpuState* s, Op* op, V low, V high)
            where TForm : struct, IVectorForm
        {
            V* dst = VectorOperands.Dst(s, op);
            dst[0] = low;
            if (TForm.Lanes == 2)
            {
                dst[1] = high;
            }

            TForm.ClearAbove(dst);
        }
    }

    /// <summary>An operation of whole vectors by the host.</summary>
    /// <returns>All ones where it is certain to be the same.</returns>
    private static V Host<TMath, TFormat>(V a, V b, out V result)
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
    {
        if (TFormat.Bytes == 8)
        {
            V trusted = TMath.Host(a.AsDouble(), b.AsDouble(), out Vector128<double> doubles).AsByte();
            result = doubles.AsByte();
            return trusted;
        }
        else
        {
            V trusted = TMath.Host(a.AsSingle(), b.AsSingle(), out Vector128<float> singles).AsByte();
            result = singles.AsByte();
            return trusted;
        }
    }

    private readonly struct Neighbours<TMath, TFormat> : IFpVectorOp
        where TMath : struct, ISseMath
        where TFormat : struct, IFpFormat
    {
        public static bool TryHost(V a, V b, uint control, out V result)
        {
            (V even, V odd) = TFormat.Bytes == 8
                ? (Vector128.Create(a.GetLower(), b.GetLower()), Vector128.Create(a.GetUpper(), b.GetUpper()))
                : (Pairs.EvenDoublewords(a, b).AsByte(), Pairs.OddDoublewords(a, b).AsByte());
            return Vector128.EqualsAll(Host<TMath, TFormat>(even, odd, out result), V.AllBitsSet);
        }

        public static V Apply(V a, V b, uint control, ref FpContext c)
        {
            V result = V.Zero;
            for (int i = 0; i < 8; i += TFormat.Bytes)
            {
                ulong low = FpLane.Apply<TMath, TFormat>(
                    SseFloat.Lane<TFormat>((byte*)&a, 2 * i), SseFloat.Lane<TFormat>((byte*)&a, (2 * i) + TFormat.Bytes), ref c);
                ulong high = FpLane.Apply<TMath, TFormat>(
                    SseFloat.Lane<TFormat>((byte*)&b, 2 * i), SseFloat.Lane<TFormat>((byte*)&b, (2 * i) + TFormat.Bytes), ref c);
                SseFloat.SetLane<TFormat>((byte*)&result, i, low);
                SseFloat.SetLane<TFormat>((byte*)&result, i + 8, high);
            }

            return result;
        }
    }

    private readonly struct Alternating<TFormat> : IFpVectorOp
        where TFormat : struct, IFpFormat
    {
        public static bool TryHost(V a, V b, uint control, out V result)
        {
            V even = TFormat.Bytes == 8 ? Vector128.Create(ulong.MaxValue, 0).AsByte() : Vector128.Create(0xFFFF_FFFFUL).AsByte();
            V lessTrusted = Host<SseSub, TFormat>(a, b, out V less);
            V moreTrusted = Host<SseAdd, TFormat>(a, b, out V more);
            result = Vector128.ConditionalSelect(even, less, more);
            return Vector128.EqualsAll(Vector128.ConditionalSelect(even, lessTrusted, moreTrusted), V.AllBitsSet);
        }

        public static V Apply(V a, V b, uint control, ref FpContext c)
        {
            V result = V.Zero;
            for (int i = 0; i < 16; i += 2 * TFormat.Bytes)
            {
                int odd = i + TFormat.Bytes;
                ulong less = FpLane.Apply<SseSub, TFormat>(
                    SseFloat.Lane<TFormat>((byte*)&a, i), SseFloat.Lane<TFormat>((byte*)&b, i), ref c);
                ulong more = FpLane.Apply<SseAdd, TFormat>(
                    SseFloat.Lane<TFormat>((byte*)&a, odd), SseFloat.Lane<TFormat>((byte*)&b, odd), ref c);
                SseFloat.SetLane<TFormat>((byte*)&result, i, less);
                SseFloat.SetLane<TFormat>((byte*)&result, odd, more);
            }

            return result;
        }
    }

    private readonly struct RoundLanes<TFormat> : IFpVectorOp
        where TFormat : struct, IFpFormat
    {
        public static bool TryHost(V a, V b, uint control, out V result) => SseRound.TryHost<TFormat>(b, control, out result);

        public static V Apply(V a, V b, uint control, ref FpContext c)
        {
            V result = V.Zero;
            for (int i = 0; i < 16; i += TFormat.Bytes)
            {
                SseFloat.SetLane<TFormat>((byte*)&result, i, SseRound.Lane<TFormat>(SseFloat.Lane<TFormat>((byte*)&b, i), control, ref c));
            }

            return result;
        }
    }
}
