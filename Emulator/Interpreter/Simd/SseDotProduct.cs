using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>DPPS and DPPD: the sum of chosen products, put into chosen lanes.</summary>
/// <remarks>
/// Multiplication and each addition round, and raise their exceptions, apart from one another: an unmasked one ends the instruction
/// before the next step begins, and the flags of the steps before stay set. A product that is not chosen is plus zero, whatever
/// its factors. Source: [SDM2 "DPPD", "DPPS"].
/// </remarks>
internal static unsafe class SseDotProduct
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Dpps, VectorForms.Emit<Dot<SingleFormat>>, Mnemonic.Vdpps),
        new(Mnemonic.Dppd, VectorForms.Emit<Dot<DoubleFormat>>, Mnemonic.Vdppd),
    ];

    private readonly struct Dot<TFormat> : IVectorHandler
        where TFormat : struct, IFpFormat
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

            byte* dst = (byte*)SseForms.Dst(s, op);
            for (int i = 0; i < bytes; i += TFormat.Bytes)
            {
                bool chosen = (op->Immediate >> ((i & 15) / TFormat.Bytes) & 1) != 0;
                SseFloat.SetLane<TFormat>(dst, i, chosen ? SseFloat.Lane<TFormat>(work, i & 16) : 0);
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

        /// <summary>Adds to each lane that begins a group the lane <paramref name="step"/> bytes above it.</summary>
        private static bool TryAdd(CpuState* s, byte* lanes, int bytes, int step)
        {
            FpContext c = FpContext.OfMxcsr(s->Mxcsr);
            for (int i = 0; i < bytes; i += 2 * step)
            {
                ulong sum = FpLane.Apply<SseAdd, TFormat>(SseFloat.Lane<TFormat>(lanes, i), SseFloat.Lane<TFormat>(lanes, i + step), ref c);
                SseFloat.SetLane<TFormat>(lanes, i, sum);
            }

            return c.Flags == 0 || !SseFloat.Report(s, c);
        }
    }
}
