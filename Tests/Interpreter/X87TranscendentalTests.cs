using Iced.Intel;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Fuzz;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Interpreter;

/// <summary>FSIN, FCOS, FSINCOS, FPTAN, FPATAN, F2XM1, FYL2X, FYL2XP1 against the processor of the host.</summary>
/// <remarks>
/// Results may differ by one unit of the last place, and then C1, which tells the direction of rounding, may differ too.
/// Everything else has to be equal: flags, C2, tags, the response to special operands and unmasked exceptions.
/// </remarks>
public sealed class X87TranscendentalTests
{
    private const int Seed = 20_261_123;
    private const ushort AllButC1 = 0xFDFF;

    [Theory]
    [InlineData(Code.Fsin)]
    [InlineData(Code.Fcos)]
    [InlineData(Code.Fsincos)]
    [InlineData(Code.Fptan)]
    [InlineData(Code.Fpatan)]
    [InlineData(Code.F2xm1)]
    [InlineData(Code.Fyl2x)]
    [InlineData(Code.Fyl2xp1)]
    public void A_result_is_within_one_unit_of_the_last_place_of_the_hosts(Code code)
    {
        Assert.SkipUnless(HostCpu.Present, "the oracle is an x86-64 Linux host");
        int cases = int.TryParse(Environment.GetEnvironmentVariable("MMUEMU_X87_CASES"), out int more) ? more : 6_000;
        using HostComparison comparison = new(Seed + (int)code)
        {
            Shape = (image, random) => Shape(code, image, random),
            StatusMask = (_, _) => AllButC1,
            StackUlps = _ => 1,
        };

        List<string> found = comparison.Differences(code, cases);

        found.Count.ShouldBe(0, string.Join("\n", found));
        comparison.Cases.ShouldBeGreaterThan(5_900);
    }

    private static void Shape(Code code, byte[] image, Random random)
    {
        int top = random.Next(8);
        int masks = random.Next(6) == 0 ? random.Next(64) : 0x3F;
        BitConverter.TryWriteBytes(image, (ushort)(0x40 | masks | (random.Next(4) << 8 == 0x100 ? 0x300 : random.Next(4) << 8) | (random.Next(4) << 10)));
        BitConverter.TryWriteBytes(image.AsSpan(2), (ushort)((top << 11) | (random.Next(8) << 8) | (random.Next(2) << 14)));
        image[4] = (byte)(random.Next(16) == 0 ? random.Next(256) : 0xFF ^ (1 << ((top + 7) & 7)));
        if (random.Next(5) != 0)
        {
            Ordinary(code, image, random);
        }

        // Of the smallest operands Intel notes no underflow in their sine; the model does, as AMD does.
        bool smallest = (BitConverter.ToUInt16(image, 32 + 8) & 0x7FFF) <= 1 && BitConverter.ToUInt64(image, 32) != 0;
        if (smallest && code is (Code.Fsin or Code.Fsincos) && HostProcessor.Vendor == CpuVendor.Intel)
        {
            image[32 + 8] |= 0x40;
        }
    }

    /// <summary>Operands of the domain: ST(0), and for two operands ST(1).</summary>
    private static void Ordinary(Code code, byte[] image, Random random)
    {
        (int least, int most) = code switch
        {
            Code.F2xm1 => (-70, 0),
            Code.Fyl2x => (-40, 40),
            Code.Fyl2xp1 => (-70, -2),
            Code.Fpatan => (-40, 40),
            _ => (-40, 63),
        };
        int exponent = random.Next(3) == 0 ? random.Next(-3, Math.Min(3, most)) : random.Next(least, most);
        Number(image, 32, exponent, random);
        if (code == Code.Fyl2x)
        {
            image[32 + 9] &= 0x7F;
        }

        Number(image, 48, random.Next(-40, 40), random);
        if (code is not (Code.Fpatan or Code.Fyl2x or Code.Fyl2xp1) && random.Next(4) == 0)
        {
            NearMultipleOfPi(image, random);
        }
    }

    private static void Number(byte[] image, int at, int exponent, Random random)
    {
        ulong significand = (1UL << 63) | ((ulong)random.NextInt64() >> (random.Next(4) == 0 ? random.Next(64) : 0));
        significand = random.Next(8) == 0 ? ~significand | (1UL << 63) : significand;
        BitConverter.TryWriteBytes(image.AsSpan(at), significand);
        BitConverter.TryWriteBytes(image.AsSpan(at + 8), (ushort)((0x3FFF + exponent) | (random.Next(2) << 15)));
    }

    private static void NearMultipleOfPi(byte[] image, Random random)
    {
        UInt128 multiple = new UInt128(3, 0x243F_6A88_85A3_08D3) * (UInt128)(ulong)random.Next(1, 1 << random.Next(1, 31));
        int left = (int)UInt128.LeadingZeroCount(multiple);
        ulong significand = (ulong)((multiple << left) >> 64) + (ulong)random.Next(-2, 3);
        BitConverter.TryWriteBytes(image.AsSpan(32), significand | (1UL << 63));
        BitConverter.TryWriteBytes(image.AsSpan(40), (ushort)((0x3FFF + 62 - left) | (random.Next(2) << 15)));
    }
}
