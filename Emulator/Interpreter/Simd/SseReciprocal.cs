using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>RCPPS, RCPSS, RSQRTPS, RSQRTSS.</summary>
/// <remarks>
/// Every processor model approximates with tables of its own; the manual only bounds the relative error by 1.5 * 2^-12. Here the
/// result is the correctly rounded double 1/x (or 1/sqrt x with both steps correctly rounded), rounded to nearest-even at 12
/// fraction bits: an error below 2^-12, and the same bits on every host. Denormal sources count as zero of their sign, tiny results
/// become zero of their sign; no flag is raised. Source: [SDM2 "RCPPS", "RSQRTPS"].
/// </remarks>
internal static unsafe class SseReciprocal
{
    private const int DroppedBits = 52 - 12;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Rcpss, VectorForms.Emit<Scalar<Reciprocal>>, Mnemonic.Vrcpss),
        new(Mnemonic.Rcpps, VectorForms.Emit<Packed<Reciprocal>>, Mnemonic.Vrcpps),
        new(Mnemonic.Rsqrtss, VectorForms.Emit<Scalar<ReciprocalRoot>>, Mnemonic.Vrsqrtss),
        new(Mnemonic.Rsqrtps, VectorForms.Emit<Packed<ReciprocalRoot>>, Mnemonic.Vrsqrtps),
    ];

    /// <summary>What is approximated.</summary>
    internal interface IApproximation
    {
        /// <summary>The double nearest to the function at a value that is not NaN, zeros signed.</summary>
        static abstract double At(double value);
    }

    private static uint Approximate<T>(uint bits)
        where T : struct, IApproximation
    {
        uint sign = bits & 0x8000_0000;
        if ((bits & 0x7FFF_FFFF) > 0x7F80_0000)
        {
            return bits | 0x0040_0000;
        }

        bool flushed = (bits & 0x7F80_0000) == 0;
        double exact = T.At(flushed ? (sign == 0 ? 0.0 : -0.0) : BitConverter.UInt32BitsToSingle(bits));
        if (double.IsNaN(exact))
        {
            return 0xFFC0_0000;
        }

        ulong wide = BitConverter.DoubleToUInt64Bits(exact);
        wide += (1UL << (DroppedBits - 1)) - 1 + ((wide >> DroppedBits) & 1);
        uint result = BitConverter.SingleToUInt32Bits((float)BitConverter.UInt64BitsToDouble(wide & (ulong.MaxValue << DroppedBits)));
        return (result & 0x7F80_0000) == 0 ? sign : result;
    }

    private readonly struct Reciprocal : IApproximation
    {
        public static double At(double value) => 1.0 / value;
    }

    private readonly struct ReciprocalRoot : IApproximation
    {
        public static double At(double value) => value == 0 ? 1.0 / value : 1.0 / Math.Sqrt(value);
    }

    private readonly struct Scalar<T> : IVectorHandler
        where T : struct, IApproximation
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 4;

        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            SseFloat.PutScalar<SingleFormat, TForm>(s, op, Approximate<T>(*(uint*)source));
            return op + 1;
        }
    }

    private readonly struct Packed<T> : IVectorHandler
        where T : struct, IApproximation
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 16 * TForm.Lanes;

        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            Vector256<byte> results = default;
            for (int i = 0; i < 4 * TForm.Lanes; i++)
            {
                ((uint*)&results)[i] = Approximate<T>(((uint*)source)[i]);
            }

            SseFloat.PutLanes<TForm>(s, op, results);
            return op + 1;
        }
    }
}
