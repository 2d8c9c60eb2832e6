using System.Numerics;
using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Memory;

namespace MmuEmu.Emulator.Tlb;

/// <summary>Who makes room in a set of an array of fixed shape: the first empty way, else the one that the policy names.</summary>
internal sealed class WayChoice
{
    // Up to this many ways, LRU is a stamp per entry: one store per hit, sorted when one has to leave. Above it, a linked list.
    private const int MostStampedWays = 128;

    // Up to this many, the search looks at all of them.
    private const int MostSearchedWays = 16;

    private readonly int _ways;
    private readonly int _setMask;

    // The ways of a set as the lowest bits, when no set reaches over the end of a word; else 0.
    private readonly ulong _wayMask;

    // One bit for each slot; a set is a run of bits.
    private readonly ulong[] _empty;
    private readonly OldestWays? _oldest;
    private readonly LruOrder? _lru;
    private readonly PlruTrees? _plru;

    /// <exception cref="ArgumentException">The sets are no power of two, or there are too many ways for a recency tree.</exception>
    internal WayChoice(in TlbShape shape)
    {
        if (shape.Ways < 1 || shape.Entries % shape.Ways != 0 || !BitOperations.IsPow2(shape.Sets))
        {
            throw new ArgumentException($"{shape}: entries divided by ways must be a power of two.", nameof(shape));
        }

        if (shape.Policy == Replacement.TreePlru && shape.Ways > PlruTrees.MostWays)
        {
            throw new ArgumentException($"{shape}: a recency tree has at most {PlruTrees.MostWays} ways.", nameof(shape));
        }

        _ways = shape.Ways;
        _setMask = shape.Sets - 1;
        _wayMask = 64 % shape.Ways == 0 ? ulong.MaxValue >> (64 - shape.Ways) : 0;
        Stamped = shape.Policy == Replacement.Lru && shape.Ways <= MostStampedWays;
        _oldest = Stamped && shape.Ways > MostSearchedWays ? new OldestWays(shape.Sets, shape.Ways) : null;
        _lru = shape.Policy == Replacement.Lru && !Stamped ? new LruOrder(shape.Sets, shape.Ways) : null;
        _plru = shape.Policy == Replacement.TreePlru ? new PlruTrees(shape.Sets, shape.Ways) : null;
        _empty = new ulong[(shape.Entries + 63) >> 6];
        for (int slot = 0; slot < shape.Entries; slot++)
        {
            _empty[slot >> 6] |= 1UL << slot;
        }
    }

    /// <summary>True when recency is the stamps of the slots alone.</summary>
    internal bool Stamped { get; }

    /// <summary>True when slots that come free are taken in an order that follows from the one in which they came free.</summary>
    internal bool OrderMatters => _lru is not null;

    /// <summary>The slot for an entry with this tag; whoever is in it has to leave.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="slots">The array's slots.</param>
    /// <param name="isFull">True when none of all sets is empty: then none is looked for.</param>
    internal int SlotFor(ulong tag, TlbSlot[] slots, bool isFull)
    {
        int level = (int)(tag >> TlbEntry.LevelShift) & 7;
        int set = (int)((tag & ((1UL << TlbEntry.LevelShift) - 1)) >> (3 + (9 * level))) & _setMask;
        return _lru is not null ? _lru.Victim(set)
            : !isFull && EmptyOf(set) is >= 0 and int empty ? empty
            : _oldest is not null ? _oldest.Of(set, slots)
            : Stamped ? OldestOf(set, slots)
            : (set * _ways) + _plru!.Victim(set);
    }

    /// <summary>A slot was used; for arrays that are not <see cref="Stamped"/>.</summary>
    internal void Touch(int slot)
    {
        _lru?.Touch(slot);
        _plru?.Touch(slot / _ways, slot % _ways);
    }

    /// <summary>A slot was filled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Filled(int slot) => _empty[slot >> 6] &= ~(1UL << slot);

    /// <summary>A slot was emptied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Emptied(int slot)
    {
        _empty[slot >> 6] |= 1UL << slot;
        _lru?.Retire(slot);
    }

    /// <summary>Its state as a value; <paramref name="last"/> is an earlier one to share with.</summary>
    internal WayChoiceImage Save(WayChoiceImage? last) => new(
        ArrayImage.Of(_empty, last?.Empty), _oldest?.Save(last?.Oldest), _lru?.Save(last?.Lru), _plru?.Save(last?.Plru));

    /// <summary>Takes that state again.</summary>
    internal void Restore(WayChoiceImage image)
    {
        image.Empty.CopyTo(_empty.AsSpan());
        _oldest?.Restore(image.Oldest!);
        _lru?.Restore(image.Lru!);
        _plru?.Restore(image.Plru!);
    }

    /// <summary>The first empty slot of a set, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int EmptyOf(int set)
    {
        int first = set * _ways;
        if (_wayMask != 0)
        {
            ulong empty = _empty[first >> 6] & (_wayMask << first);
            return empty == 0 ? SlotLists.None : (first & ~63) + BitOperations.TrailingZeroCount(empty);
        }

        return EmptyOver(first);
    }

    private int EmptyOver(int first)
    {
        int last = first + _ways - 1;
        ulong from = ulong.MaxValue << first;
        for (int word = first >> 6; word <= last >> 6; word++)
        {
            if ((_empty[word] & from) is not 0 and ulong empty)
            {
                int slot = (word << 6) + BitOperations.TrailingZeroCount(empty);
                return slot <= last ? slot : SlotLists.None;
            }

            from = ulong.MaxValue;
        }

        return SlotLists.None;
    }

    private int OldestOf(int set, TlbSlot[] slots)
    {
        int first = set * _ways;
        int oldest = first;
        ulong stamp = slots[first].Stamp;
        for (int slot = first + 1; slot < first + _ways; slot++)
        {
            if (slots[slot].Stamp < stamp)
            {
                (oldest, stamp) = (slot, slots[slot].Stamp);
            }
        }

        return oldest;
    }
}
