namespace MmuEmu.Tests.Oracles;

/// <summary>Random bits that favour the corners of the floating-point formats.</summary>
public static class FloatPatterns
{
    private static readonly uint[] Singles =
    [
        0, 0x8000_0000, 1, 0x8000_0001, 0x007F_FFFF, 0x0080_0000, 0x0080_0001, 0x7F7F_FFFF, 0xFF7F_FFFF, 0x7F80_0000, 0xFF80_0000,
        0x7FC0_0000, 0xFFC0_0000, 0x7F80_0001, 0xFFBF_FFFF, 0x7FC1_2345, 0x3F80_0000, 0xBF80_0000, 0x3F00_0000, 0x3FC0_0000,
        0x4F00_0000, 0xCF00_0000, 0xCF00_0001, 0x4EFF_FFFF, 0x5F00_0000, 0xDF00_0000, 0x4B80_0000, 0x3EAA_AAAB, 0x4020_0000,
    ];

    private static readonly ulong[] Doubles =
    [
        0, 1UL << 63, 1, (1UL << 63) | 1, 0x000F_FFFF_FFFF_FFFF, 0x0010_0000_0000_0000, 0x0010_0000_0000_0001, 0x7FEF_FFFF_FFFF_FFFF,
        0x7FF0_0000_0000_0000, 0xFFF0_0000_0000_0000, 0x7FF8_0000_0000_0000, 0xFFF8_0000_0000_0000, 0x7FF0_0000_0000_0001,
        0xFFF7_FFFF_FFFF_FFFF, 0x7FF8_1234_5678_9ABC, 0x3FF0_0000_0000_0000, 0xBFF0_0000_0000_0000, 0x3FE0_0000_0000_0000,
        0x41DF_FFFF_FFC0_0000, 0xC1E0_0000_0000_0000, 0xC1E0_0000_0020_0000, 0x41E0_0000_0000_0000, 0x43E0_0000_0000_0000,
        0xC3E0_0000_0000_0000, 0x3810_0000_0000_0000, 0x380F_FFFF_FFFF_FFFF, 0x36A0_0000_0000_0000, 0x3690_0000_0000_0000,
        0x47EF_FFFF_E000_0000, 0x47EF_FFFF_F000_0000, 0x3FF8_0000_0000_0000, 0x4004_0000_0000_0000,
    ];

    private static readonly ushort[] Exponents =
        [0, 1, 2, 0x3FFE, 0x3FFF, 0x4000, 0x7FFE, 0x7FFF, 0x403D, 0x403E, 0x3C01, 0x3BCD, 0x43FE, 0x43FF, 0x3F81, 0x3F6A, 0x407E, 0x407F];

    private static readonly ulong[] Significands =
        [0, 1, 1UL << 63, (1UL << 63) | 1, ulong.MaxValue, 0xC000_0000_0000_0000, 0xA000_0000_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x4000_0000_0000_0000,
         0x8000_0000_0000_0400, 0xFFFF_FFFF_FFFF_F800, 0xFFFF_FF00_0000_0000, 0x8000_0080_0000_0000];

    /// <summary>A single: a corner, a value near one, an integer, or any bits.</summary>
    public static uint Single(Random random) => random.Next(5) switch
    {
        0 or 1 => Singles[random.Next(Singles.Length)],
        2 => BitConverter.SingleToUInt32Bits((float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-4, 36)))),
        3 => BitConverter.SingleToUInt32Bits(random.Next(-1000, 1000) / 4f),
        _ => (uint)random.NextInt64(),
    };

    /// <summary>A double, likewise.</summary>
    public static ulong Double(Random random) => random.Next(6) switch
    {
        0 or 1 => Doubles[random.Next(Doubles.Length)],
        2 => BitConverter.DoubleToUInt64Bits((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-4, 68))),
        3 => BitConverter.DoubleToUInt64Bits(random.Next(-1000, 1000) / 4.0),
        4 => BitConverter.DoubleToUInt64Bits((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-150, -120))),
        _ => (ulong)random.NextInt64() << 1 | (uint)random.Next(2),
    };

    /// <summary>Sixteen bytes of singles, doubles or anything.</summary>
    public static void Fill(Span<byte> sixteen, Random random)
    {
        int kind = random.Next(8);
        for (int i = 0; i < 2; i++)
        {
            ulong bits = kind switch
            {
                0 or 1 or 2 => Double(random),
                3 or 4 or 5 => Single(random) | ((ulong)Single(random) << 32),
                6 => (ulong)random.Next(0, 70),
                _ => (ulong)random.NextInt64() << 1 | (uint)random.Next(2),
            };
            BitConverter.TryWriteBytes(sixteen[(8 * i)..], bits);
        }
    }

    /// <summary>Ten bytes of an 80-bit number; unnormal and pseudo patterns among them.</summary>
    public static void Extended(Span<byte> ten, Random random)
    {
        int kind = random.Next(8);
        ushort exponent = kind < 3 ? Exponents[random.Next(Exponents.Length)]
            : kind < 7 ? (ushort)(0x3FFF + random.Next(-70, 70))
            : (ushort)random.Next(0x8000);
        ulong significand = random.Next(2) == 0 ? Significands[random.Next(Significands.Length)] : (ulong)random.NextInt64() << 1;
        if (random.Next(8) != 0)
        {
            significand = exponent == 0 ? significand & ~(1UL << 63) : significand | (1UL << 63);
        }

        significand = random.Next(4) == 0 ? significand & 0xFFFF_F000_0000_0000 : significand;
        BitConverter.TryWriteBytes(ten, significand);
        BitConverter.TryWriteBytes(ten[8..], (ushort)(exponent | (random.Next(2) << 15)));
    }
}
