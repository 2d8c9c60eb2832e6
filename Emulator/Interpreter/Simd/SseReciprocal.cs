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
        new(Mnemonic.Rcpss, EmitScalar<Reciprocal>),
        new(Mnemonic.Rcpps, EmitPacked<Reciprocal>),
        new(Mnemonic.Rsqrtss, EmitScalar<ReciprocalRoot>),
        new(Mnemonic.Rsqrtps, EmitPacked<ReciprocalRoot>),
    ];

    /// <summary>What is approximated.</summary>
    internal interface IApproximation
    {
        /// <summary>The double nearest to the function at a value that is not NaN, zeros signed.</summary>
        static abstract double At(double value);
    }

    private static bool EmitScalar<T>(ref OpBuilder b)
        where T : struct, IApproximation
    {
        SseForms.Take(ref b);
        b.Op->Run = b.IsMemory(1) ? &ScalarMemory<T> : &ScalarRegister<T>;
        return true;
    }

    private static bool EmitPacked<T>(ref OpBuilder b)
        where T : struct, IApproximation
    {
        SseForms.Take(ref b);
        b.Op->Run = b.IsMemory(1) ? &PackedMemory<T> : &PackedRegister<T>;
        return true;
    }

    private static Op* ScalarRegister<T>(Vcpu vcpu, CpuState* s, Op* op)
        where T : struct, IApproximation => Lanes<T>(s, op, (uint*)SseForms.Src(s, op), 1);

    private static Op* ScalarMemory<T>(Vcpu vcpu, CpuState* s, Op* op)
        where T : struct, IApproximation
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 4);
        return from is null ? vcpu.Fault(op) : Lanes<T>(s, op, (uint*)from, 1);
    }

    private static Op* PackedRegister<T>(Vcpu vcpu, CpuState* s, Op* op)
        where T : struct, IApproximation => Lanes<T>(s, op, (uint*)SseForms.Src(s, op), 4);

    private static Op* PackedMemory<T>(Vcpu vcpu, CpuState* s, Op* op)
        where T : struct, IApproximation
    {
        byte* from = SseForms.ReadAligned(vcpu, s, op);
        return from is null ? null : Lanes<T>(s, op, (uint*)from, 4);
    }

    private static Op* Lanes<T>(CpuState* s, Op* op, uint* source, int count)
        where T : struct, IApproximation
    {
        uint* dst = (uint*)SseForms.Dst(s, op);
        for (int i = 0; i < count; i++)
        {
            dst[i] = Approximate<T>(source[i]);
        }

        return op + 1;
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
}
