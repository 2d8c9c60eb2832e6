using System.Numerics;

namespace MmuEmu.Tests.Fuzz;

/// <summary>Random numbers that a seed fixes for ever: xoshiro256**.</summary>
/// <remarks>The generator of the runtime may change with its version; a case must be found again from its seed.</remarks>
public sealed class FuzzRandom : Random
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public FuzzRandom(ulong seed, ulong stream = 0)
        : base(0)
    {
        ulong state = seed ^ (stream * 0xD134_2543_DE82_EF95);
        (_a, _b, _c, _d) = (Mix(ref state), Mix(ref state), Mix(ref state), Mix(ref state) | 1);
    }

    /// <summary>Sixty-four random bits.</summary>
    public ulong Bits()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>True once in <paramref name="n"/> times.</summary>
    public bool OneIn(int n) => Next(n) == 0;

    /// <summary>One of <paramref name="choices"/>.</summary>
    public T Of<T>(ReadOnlySpan<T> choices) => choices[Next(choices.Length)];

    public override int Next() => (int)(Bits() >> 33);

    public override int Next(int maxValue) => (int)(((Bits() >> 32) * (ulong)maxValue) >> 32);

    public override int Next(int minValue, int maxValue) => minValue + (int)(((Bits() >> 32) * (ulong)((long)maxValue - minValue)) >> 32);

    public override long NextInt64() => (long)(Bits() >> 1);

    public override double NextDouble() => (Bits() >> 11) * (1.0 / (1UL << 53));

    public override void NextBytes(Span<byte> buffer)
    {
        for (; buffer.Length >= 8; buffer = buffer[8..])
        {
            BitConverter.TryWriteBytes(buffer, Bits());
        }

        for (int i = 0; i < buffer.Length; i++)
        {
            buffer[i] = (byte)Bits();
        }
    }

    private static ulong Mix(ref ulong state)
    {
        state += 0x9E37_79B9_7F4A_7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
