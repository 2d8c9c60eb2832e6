using System.Numerics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Interpreter;

/// <summary>The transcendental instructions against functions computed with 400 bits: results are rounded right.</summary>
public sealed unsafe class X87AccuracyTests
{
    private const int Seed = 20_261_125;
    private const int Cases = 400;

    /// <summary>Half a unit of the last place, and 2^-30 of one for the case that lies nearer to a tie than 128 bits can tell.</summary>
    private static readonly BigInteger MostError = (BigInteger.One << 63) + (BigInteger.One << 34);

    [Theory]
    [InlineData(Code.Fsin, -60, 62)]
    [InlineData(Code.Fcos, -60, 62)]
    [InlineData(Code.Fptan, -60, 62)]
    [InlineData(Code.F2xm1, -60, 0)]
    [InlineData(Code.Fyl2x, -30, 30)]
    [InlineData(Code.Fyl2xp1, -60, -1)]
    [InlineData(Code.Fpatan, -30, 30)]
    public void A_result_is_the_number_nearest_to_the_true_one(Code code, int least, int most)
    {
        using BareCore core = new BareCore().Assemble(a => a.AddInstruction(Instruction.Create(code)));
        Random random = new(Seed + (int)code);
        for (int i = 0; i < Cases; i++)
        {
            // Given two numbers
            Number x = Number.Random(random, random.Next(least, most));
            Number y = Number.Random(random, random.Next(-20, 20));
            x = code == Code.Fyl2x ? x with { Negative = false } : x;
            Set(core, 0, x);
            Set(core, 1, y);

            // When the instruction runs
            CpuState* s = core.Core.Vcpu.State;
            (s->Rip, s->FpuTop, s->FpuInUse, s->FpuStatus) = (BareCore.Code, 3, 0x18, 0);
            core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);

            // Then what it leaves is within half a unit of the last place
            Number result = Get(core, code == Code.Fptan ? 1 : 0);
            Error(result, Exact(code, x, y)).ShouldBeLessThanOrEqualTo(MostError, $"{code} of {x} and {y} is {result}");
        }
    }

    private static BigInteger Exact(Code code, Number x, Number y) => code switch
    {
        Code.Fsin => BigMath.Circle(x.Value).Sine,
        Code.Fcos => BigMath.Circle(x.Value).Cosine,
        Code.Fptan => BigMath.Circle(x.Value).Tangent,
        Code.F2xm1 => BigMath.Exp2Minus1(x.Value),
        Code.Fyl2x => BigMath.Multiply(y.Value, BigMath.Log2(x.Value)),
        Code.Fyl2xp1 => BigMath.Multiply(y.Value, BigMath.Log2Plus1(x.Value)),
        _ => BigMath.Angle(y.Value, x.Value),
    };

    /// <summary>Distance in units of 2^-64 of the result's last place.</summary>
    private static BigInteger Error(Number result, BigInteger exact)
    {
        BigInteger unit = BigMath.Of(1, result.Exponent - 63);
        return (BigInteger.Abs(result.Value - exact) << 64) / unit;
    }

    private static void Set(BareCore core, int register, Number number)
    {
        byte* to = core.Core.Vcpu.State->Fpu + ((3 + register) * 16);
        *(ulong*)to = number.Significand;
        *(ushort*)(to + 8) = (ushort)((number.Exponent + 16383) | (number.Negative ? 0x8000 : 0));
    }

    private static Number Get(BareCore core, int register)
    {
        CpuState* s = core.Core.Vcpu.State;
        byte* from = s->Fpu + (((s->FpuTop + register) & 7) * 16);
        ushort high = *(ushort*)(from + 8);
        return new Number(high >> 15 != 0, (high & 0x7FFF) - 16383, *(ulong*)from);
    }

    private readonly record struct Number(bool Negative, int Exponent, ulong Significand)
    {
        public BigInteger Value => BigMath.Of(Negative ? -new BigInteger(Significand) : Significand, Exponent - 63);

        public static Number Random(Random random, int exponent) =>
            new(random.Next(2) == 0, exponent, (1UL << 63) | ((ulong)random.NextInt64() >> (random.Next(3) == 0 ? random.Next(60) : 0)));
    }
}
