using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>RCPPS, RCPSS, RSQRTPS, RSQRTSS.</summary>
/// <remarks>
/// The manual bounds the relative error by 1.5 * 2^-12 and leaves the bits to the processor: which table they come from is a habit. Denormal sources count as zero of their sign, tiny results become zero of their sign; no flag is
/// raised. Source: [SDM2 "RCPPS", "RSQRTPS"].
/// </remarks>
internal static unsafe class SseReciprocal
{
    private const int KeptShift = 11;
    private const int FractionBits = 12;
    private const int Bias = 127;
    private const uint Infinity = 0x7F80_0000;
    private const uint DefaultNan = 0xFFC0_0000;
    private const uint Quiet = 0x0040_0000;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Rcpss, Emit<Scalar<Reciprocal<Long>>, Scalar<Reciprocal<Short>>>, Mnemonic.Vrcpss),
        new(Mnemonic.Rcpps, Emit<Packed<Reciprocal<Long>>, Packed<Reciprocal<Short>>>, Mnemonic.Vrcpps),
        new(Mnemonic.Rsqrtss, Emit<Scalar<ReciprocalRoot<Long>>, Scalar<ReciprocalRoot<Short>>>, Mnemonic.Vrsqrtss),
        new(Mnemonic.Rsqrtps, Emit<Packed<ReciprocalRoot<Long>>, Packed<ReciprocalRoot<Short>>>, Mnemonic.Vrsqrtps),
    ];

    private static bool Emit<TLong, TShort>(ref OpBuilder b)
        where TLong : struct, IVectorHandler
        where TShort : struct, IVectorHandler =>
        b.Model.Has(CpuHabits.ShortApproximations) ? VectorEmitter.Emit<TShort>(ref b) : VectorEmitter.Emit<TLong>(ref b);

    /// <summary>Where results come from.</summary>
    internal interface ITables
    {
        static abstract uint[] Reciprocal { get; }

        static abstract uint[] EvenRoot { get; }

        static abstract uint[] OddRoot { get; }
    }

    /// <summary>Tables of twelve bits of the source.</summary>
    internal readonly struct Long : ITables
    {
        public static uint[] Reciprocal => ApproximationTables.Reciprocal;

        public static uint[] EvenRoot => ApproximationTables.EvenRoot;

        public static uint[] OddRoot => ApproximationTables.OddRoot;
    }

    /// <summary>Tables of eleven and ten bits.</summary>
    internal readonly struct Short : ITables
    {
        public static uint[] Reciprocal => ShortApproximationTables.Reciprocal;

        public static uint[] EvenRoot => ShortApproximationTables.EvenRoot;

        public static uint[] OddRoot => ShortApproximationTables.OddRoot;
    }

    /// <summary>What is approximated.</summary>
    internal interface IApproximation
    {
        /// <summary>The result for a source that is neither zero, denormal, infinite nor NaN.</summary>
        static abstract uint At(uint source);

        /// <summary>The result for an infinite source of that sign.</summary>
        static abstract uint AtInfinity(uint sign);
    }

    /// <summary>The result for any single, given and returned as bits.</summary>
    internal static uint Approximate<T>(uint source)
        where T : struct, IApproximation
    {
        uint sign = source & 0x8000_0000;
        uint magnitude = source & 0x7FFF_FFFF;
        if (magnitude > Infinity)
        {
            return source | Quiet;
        }

        if (magnitude == Infinity)
        {
            return T.AtInfinity(sign);
        }

        return magnitude < 0x0080_0000 ? sign | Infinity : T.At(source);
    }

    /// <summary>A table's entry for a source, its exponent lowered by <paramref name="power"/>; what is tiny then becomes zero.</summary>
    private static uint Scaled(uint[] table, uint source, int power)
    {
        int result = (int)table[(source >> KeptShift) & (ApproximationTables.Entries - 1)] - (power << FractionBits);
        return result < 1 << FractionBits ? 0 : (uint)result << KeptShift;
    }

    private static int ExponentOf(uint source) => (int)((source >> 23) & 0xFF) - Bias;

    /// <summary>1/x.</summary>
    internal readonly struct Reciprocal<TTables> : IApproximation
        where TTables : struct, ITables
    {
        public static uint At(uint source) => (source & 0x8000_0000) | Scaled(TTables.Reciprocal, source, ExponentOf(source));

        public static uint AtInfinity(uint sign) => sign;
    }

    /// <summary>1/sqrt x; of a negative source no number.</summary>
    internal readonly struct ReciprocalRoot<TTables> : IApproximation
        where TTables : struct, ITables
    {
        public static uint At(uint source)
        {
            int exponent = ExponentOf(source);
            uint[] table = (exponent & 1) == 0 ? TTables.EvenRoot : TTables.OddRoot;
            return (source & 0x8000_0000) != 0 ? DefaultNan : Scaled(table, source, exponent >> 1);
        }

        public static uint AtInfinity(uint sign) => sign == 0 ? 0 : DefaultNan;
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
