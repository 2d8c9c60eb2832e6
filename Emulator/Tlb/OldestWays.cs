namespace MmuEmu.Emulator.Tlb;

/// <summary>The least recently used ways of wide sets, some found by each search.</summary>
/// <remarks>
/// Stamps only grow, so of those that a search found, in their order, the first whose stamp is still the same is the oldest
/// of the whole set: whatever was not found was younger, and whatever was used since is younger still.
/// </remarks>
internal sealed class OldestWays
{
    /// <summary>Ways that one search finds; a set has more.</summary>
    internal const int Kept = 16;

    private readonly int _ways;
    private readonly Found[] _found;
    private readonly int[] _next;

    internal OldestWays(int sets, int ways)
    {
        _ways = ways;
        _found = new Found[sets * Kept];
        _next = new int[sets];
        Array.Fill(_next, Kept);
    }

    /// <summary>The oldest slot of a set that is full; it has to be filled again before the next call.</summary>
    internal int Of(int set, TlbSlot[] slots)
    {
        Span<Found> found = _found.AsSpan(set * Kept, Kept);
        while (_next[set] < Kept)
        {
            Found oldest = found[_next[set]++];
            if (slots[oldest.Slot].Stamp == oldest.Stamp)
            {
                return oldest.Slot;
            }
        }

        Search(set * _ways, slots, found);
        _next[set] = 1;
        return found[0].Slot;
    }

    private void Search(int first, TlbSlot[] slots, Span<Found> found)
    {
        int count = 0;
        for (int slot = first; slot < first + _ways; slot++)
        {
            ulong stamp = slots[slot].Stamp;
            if (count == Kept && stamp > found[Kept - 1].Stamp)
            {
                continue;
            }

            int at = count < Kept ? count++ : Kept - 1;
            for (; at > 0 && found[at - 1].Stamp > stamp; at--)
            {
                found[at] = found[at - 1];
            }

            found[at] = new Found { Slot = slot, Stamp = stamp };
        }
    }

    private struct Found
    {
        public int Slot;
        public ulong Stamp;
    }
}
