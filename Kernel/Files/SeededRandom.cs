using System.Buffers.Binary;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>The run's own source of random bytes: the same seed gives the same bytes.</summary>
/// <remarks>The generator is SplitMix64; it serves repeatability, not secrecy.</remarks>
internal sealed class SeededRandom(ulong seed) : IStateful
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state = unchecked(_state + 0x9E37_79B9_7F4A_7C15);
        ulong z = _state;
        z = unchecked((z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB);
        return z ^ (z >> 31);
    }

    /// <summary>Fills <paramref name="destination"/>.</summary>
    public void Fill(Span<byte> destination)
    {
        Span<byte> word = stackalloc byte[8];
        for (int at = 0; at < destination.Length; at += 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, Next());
            word[..Math.Min(8, destination.Length - at)].CopyTo(destination[at..]);
        }
    }

    object IStateful.Save(object? last) => _state;

    void IStateful.Restore(object state) => _state = (ulong)state;
}
