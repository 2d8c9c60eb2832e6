using System.Runtime.CompilerServices;

namespace MmuEmu.Emulator.Timing;

/// <summary>Lines asked for by one kind of access, by the level that served them.</summary>
public sealed class CacheCounters
{
    private PerCache _served;

    /// <summary>Lines that <paramref name="level"/> served.</summary>
    public ulong this[CacheLevel level] => _served[(int)level];

    /// <summary>Lines asked for.</summary>
    public ulong Total => _served[0] + _served[1] + _served[2] + _served[3];

    /// <summary>Lines that <paramref name="level"/> and the levels above it did not hold.</summary>
    public ulong MissesOf(CacheLevel level)
    {
        ulong sum = 0;
        for (int below = (int)level + 1; below <= (int)CacheLevel.Memory; below++)
        {
            sum += _served[below];
        }

        return sum;
    }

    /// <summary>The same counts in an object of their own.</summary>
    internal CacheCounters Copy() => (CacheCounters)MemberwiseClone();

    /// <summary>Takes over the counts of <paramref name="other"/>.</summary>
    internal void Take(CacheCounters other) => _served = other._served;

    internal void Note(CacheLevel level) => _served[(int)level]++;

    [InlineArray(4)]
    private struct PerCache
    {
        private ulong _first;
    }
}
