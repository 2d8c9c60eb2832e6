using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;
using MmuEmu.Emulator.Models;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>DPPS and DPPD: the sum of chosen products, put into chosen lanes.</summary>
/// <remarks>
/// Multiplication and each addition round, and raise their exceptions, apart from one another: an unmasked one ends the instruction
/// before the next step begins, and the flags of the steps before stay set. A product that is not chosen is plus zero, whatever
/// its factors. Of two NaNs in a sum one is kept: which, and whether all lanes keep the same, is a habit. Source: [SDM2 "DPPD", "DPPS"].
/// </remarks>
internal static unsafe class SseDotProduct
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Dpps, Emit<SingleFormat>, Mnemonic.Vdpps),
        new(Mnemonic.Dppd, Emit<DoubleFormat>, Mnemonic.Vdppd),
    ];

    private static bool Emit<TFormat>(ref OpBuilder b)
        where TFormat : struct, IFpFormat =>
        b.Model.Has(CpuHabits.DotProductLanesApart) ? VectorEmitter.Emit<Dot<TFormat, EachLane>>(ref b) : VectorEmitter.Emit<Dot<TFormat, OneSum>>(ref b);

    /// <summary>How lanes are added up.</summary>
    private interface ISums
    {
        /// <summary>Bytes from a sum to the next, when the lanes <paramref name="step"/> bytes apart are added.</summary>
        static abstract int Stride<TFormat>(int step)
            where TFormat : struct, IFpFormat;
    }

    /// <summary>One sum for all lanes: the lower lane is the first operand of each addition.</summary>
    private readonly struct OneSum : ISums
    {
        public static int Stride<TFormat>(int step)
            where TFormat : struct, IFpFormat => 2 * step;
    }

    /// <summary>Each lane adds its neighbour: as first operand in all additions but the last, as second in that.</summary>
    private readonly struct EachLane : ISums
    {
        public static int Stride<TFormat>(int step)
            where TFormat : struct, IFpFormat => TFormat.Bytes;
    }

    private readonly struct Dot<TFormat, TSums> : IVectorHandler
        where TFormat : struct, IFpFormat
        where TSums : struct, ISums
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 16 * TForm.Lanes;

        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            int bytes = 16 * TForm.Lanes;
            byte* work = stackalloc byte[32];
            if (!TryMultiply(s, (byte*)TForm.First(s, op), source, new Span<byte>(work, bytes), (uint)op->Immediate))
            {
                return SseFloat.Raise(vcpu, op);
            }

            for (int step = TFormat.Bytes; step < 16; step *= 2)
            {
                if (!TryAdd(s, work, bytes, step))
                {
                    return SseFloat.Raise(vcpu, op);
                }
            }

            byte* dst = (byte*)VectorOperands.Dst(s, op);
            for (int i = 0; i < bytes; i += TFormat.Bytes)
            {
                bool chosen = (op->Immediate >> ((i & 15) / TFormat.Bytes) & 1) != 0;
                SseFloat.SetLane<TFormat>(dst, i, chosen ? SseFloat.Lane<TFormat>(work, TSums.Stride<TFormat>(8) == 16 ? i & 16 : i) : 0);
            }

            TForm.ClearAbove((V*)dst);
            return op + 1;
        }

        private static bool TryMultiply(CpuState* s, byte* a, byte* b, Span<byte> products, uint control)
        {
            FpContext c = FpContext.OfMxcsr(s->Mxcsr);
            fixed (byte* to = products)
            {
                for (int i = 0; i < products.Length; i += TFormat.Bytes)
                {
                    bool chosen = (control >> (4 + ((i & 15) / TFormat.Bytes)) & 1) != 0;
                    SseFloat.SetLane<TFormat>(to, i, chosen
                        ? FpLane.Apply<SseMul, TFormat>(SseFloat.Lane<TFormat>(a, i), SseFloat.Lane<TFormat>(b, i), ref c)
                        : 0);
                }
            }

            return c.Flags == 0 || !SseFloat.Report(s, c);
        }

        /// <summary>Adds lanes <paramref name="step"/> bytes apart, where their sums are wanted.</summary>
        private static bool TryAdd(CpuState* s, byte* lanes, int bytes, int step)
        {
            FpContext c = FpContext.OfMxcsr(s->Mxcsr);
            byte* sums = stackalloc byte[32];
            bool neighbourFirst = TSums.Stride<TFormat>(step) != 2 * step && step < 8;
            for (int i = 0; i < bytes; i += TSums.Stride<TFormat>(step))
            {
                (int first, int second) = neighbourFirst ? (i ^ step, i) : (i, i ^ step);
                SseFloat.SetLane<TFormat>(sums, i, FpLane.Apply<SseAdd, TFormat>(SseFloat.Lane<TFormat>(lanes, first), SseFloat.Lane<TFormat>(lanes, second), ref c));
            }

            Buffer.MemoryCopy(sums, lanes, bytes, bytes);
            return c.Flags == 0 || !SseFloat.Report(s, c);
        }
    }
}
