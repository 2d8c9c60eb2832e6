namespace MmuEmu.Tests.Fuzz;

/// <summary>Integers that favour the corners.</summary>
public static class FuzzValues
{
    private static readonly ulong[] Corners =
    [
        0, 1, 2, ulong.MaxValue, ulong.MaxValue - 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
        0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_8000_0000, 0xFFFF_FFFF_FFFF_8000, 0xFFFF_FFFF_FFFF_FF80,
        0x5555_5555_5555_5555, 0xAAAA_AAAA_AAAA_AAAA, 0x0102_0408_1020_4080, 0x0F0F_0F0F_F0F0_F0F0,
    ];

    private static readonly int[] Widths = [7, 8, 9, 15, 16, 17, 18, 31, 32, 33, 63, 64, 65];

    /// <summary>Sixty-four bits: a corner, a small number, a count around a width, one bit, a run of bits, or anything.</summary>
    public static ulong Word(FuzzRandom random) => random.Next(10) switch
    {
        0 or 1 => random.Of<ulong>(Corners),
        2 => (ulong)random.Next(-40, 40),
        3 => (ulong)random.Of<int>(Widths) + (random.Bits() & (random.OneIn(2) ? 0 : 0xFFFF_FF00)),
        4 => 1UL << random.Next(64),
        5 => ulong.MaxValue << random.Next(64) >> random.Next(64),
        6 => random.Bits() >> random.Next(64),
        7 => (ulong)((long)random.Bits() >> random.Next(64)),
        _ => random.Bits(),
    };
}
