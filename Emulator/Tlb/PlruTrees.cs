using MmuEmu.Emulator.Memory;

namespace MmuEmu.Emulator.Tlb;

/// <summary>Approximate recency: one bit per inner node of a binary tree over the ways of each set; at most 64 ways.</summary>
/// <remarks>
/// A bit of 1 sends the search for a victim to the upper half. Touching a way turns the bits on its path away from it, and
/// touching it again changes nothing. A number of ways that is no power of two leaves leaves out at the upper end.
/// </remarks>
internal sealed class PlruTrees
{
    /// <summary>The most ways whose tree fits one word.</summary>
    internal const int MostWays = 64;

    private readonly int _ways;
    private readonly int _leaves;
    private readonly ulong[] _bits;
    private readonly ulong[] _path;
    private readonly ulong[] _away;

    internal PlruTrees(int sets, int ways)
    {
        _ways = ways;
        _leaves = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)ways);
        _bits = new ulong[sets];
        _path = new ulong[ways];
        _away = new ulong[ways];
        for (int way = 0; way < ways; way++)
        {
            for (int node = _leaves + way; node > 1; node >>= 1)
            {
                _path[way] |= 1UL << (node >> 1);
                _away[way] |= (node & 1) == 0 ? 1UL << (node >> 1) : 0;
            }
        }
    }

    internal void Touch(int set, int way) => _bits[set] = (_bits[set] & ~_path[way]) | _away[way];

    /// <summary>Its state as a value; <paramref name="last"/> is an earlier one to share with.</summary>
    internal ArrayImage Save(ArrayImage? last) => ArrayImage.Of(_bits, last);

    /// <summary>Takes that state again.</summary>
    internal void Restore(ArrayImage image) => image.CopyTo(_bits.AsSpan());

    /// <summary>The way that the bits point to.</summary>
    internal int Victim(int set)
    {
        ulong bits = _bits[set];
        int node = 1;
        int lowestWay = 0;
        for (int half = _leaves >> 1; half > 0; half >>= 1)
        {
            bool upper = ((bits >> node) & 1) != 0 && lowestWay + half < _ways;
            node = (node << 1) | (upper ? 1 : 0);
            lowestWay += upper ? half : 0;
        }

        return lowestWay;
    }
}
