using MmuEmu.Emulator.Values;

namespace MmuEmu.Tests.Builders;

/// <summary>Sequences of addresses for sweeps.</summary>
public static class Pages
{
    /// <summary>Page-aligned addresses, one stride apart.</summary>
    public static IEnumerable<ulong> InOrder(ulong start, int count, ulong strideBytes = 4096) =>
        from i in Enumerable.Range(0, count) select start + ((ulong)i * strideBytes);

    /// <summary>One line in each page, the lines spread evenly over the sets of all cache levels.</summary>
    public static IEnumerable<ulong> OneLineEach(ulong start, int count, PageSize size = PageSize.Size4K) =>
        from i in Enumerable.Range(0, count)
        let line = size == PageSize.Size4K ? (i + (i / 64)) % 64 : i % 4096
        select start + ((ulong)i * size.Bytes()) + ((ulong)line * 64);

    /// <summary>The same addresses in an order that depends on <paramref name="seed"/> only.</summary>
    public static IReadOnlyList<ulong> Shuffled(this IEnumerable<ulong> addresses, ulong seed)
    {
        ulong[] order = [.. addresses];
        Sequence random = new(seed);
        for (int i = order.Length - 1; i > 0; i--)
        {
            int other = (int)random.Below((ulong)i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }
}

/// <summary>Numbers that look random and are the same on every host.</summary>
/// <remarks>Source: [Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, SplitMix64].</remarks>
public sealed class Sequence(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        ulong z = _state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    public ulong Below(ulong bound) => Next() % bound;
}
