using System.Numerics;
using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Paging;

namespace MmuEmu.Emulator.Tlb;

/// <summary>One array of translations: set-associative with replacement, or without end.</summary>
/// <remarks>
/// Sets decide who is evicted; finding goes through a hash chain instead of comparing the ways, so a fully associative array
/// of 96 entries costs the host no more than a direct-mapped one. Global entries hash and compare without their PCID.
/// </remarks>
internal sealed class TranslationArray
{
    private const int None = -1;
    private const ulong PcidField = 0xFFF;
    private const int LevelShift = 57;

    // Up to this many ways, LRU is a stamp per entry: one store per hit, a search per eviction. Above it, a linked list.
    private const int MostStampedWays = 128;

    private readonly int _ways;
    private readonly int _setMask;
    private readonly bool _stamped;
    private readonly LruOrder? _lru;
    private readonly PlruTrees? _plru;
    private readonly int[] _countByLevel = new int[8];
    private Slot[] _slots;
    private int[] _buckets;
    private int _hashShift;
    private int _used;
    private int _free = None;
    private ulong _clock;

    private TranslationArray(int slots)
    {
        _slots = new Slot[slots];
        int buckets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, slots * 2));
        _buckets = NewBuckets(buckets);
        _hashShift = 64 - BitOperations.Log2((uint)buckets);
    }

    /// <summary>An array of a fixed shape.</summary>
    /// <exception cref="ArgumentException">The sets are no power of two, or there are too many ways for a recency tree.</exception>
    internal TranslationArray(in TlbShape shape)
        : this(shape.Entries)
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
        _stamped = shape.Policy == Replacement.Lru && shape.Ways <= MostStampedWays;
        _lru = shape.Policy == Replacement.Lru && !_stamped ? new LruOrder(shape.Sets, shape.Ways) : null;
        _plru = shape.Policy == Replacement.TreePlru ? new PlruTrees(shape.Sets, shape.Ways) : null;
    }

    /// <summary>An array that grows and never evicts.</summary>
    internal static TranslationArray Endless() => new(64);

    /// <summary>Entries held.</summary>
    internal int Count { get; private set; }

    /// <summary>Slots to look at with <see cref="EntryAt"/>.</summary>
    internal int Capacity => _slots.Length;

    /// <summary>True when an entry of this level is held; saves a search for a page size that is not there.</summary>
    internal bool Has(PagingLevel level) => _countByLevel[(int)level] != 0;

    /// <summary>The entry in a slot; the default value when it is empty.</summary>
    internal TlbEntry EntryAt(int slot) => new(_slots[slot].Tag, _slots[slot].Tag == 0 ? 0 : _slots[slot].Value);

    /// <summary>The slot that answers for a tag, or -1; changes nothing.</summary>
    internal int Find(ulong tag)
    {
        Slot[] slots = _slots;
        for (int i = _buckets[BucketOf(tag)]; (uint)i < (uint)slots.Length; i = slots[i].Chain)
        {
            if (Answers(slots[i], tag))
            {
                return i;
            }
        }

        return None;
    }

    /// <summary>Finds and uses an entry.</summary>
    /// <returns>Its value; 0, which no entry has, when none answers.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong Use(ulong tag)
    {
        Slot[] slots = _slots;
        int at = _buckets[BucketOf(tag)];
        while ((uint)at < (uint)slots.Length)
        {
            ref Slot slot = ref slots[at];
            if (Answers(slot, tag))
            {
                Touch(ref slot, at);
                return slot.Value;
            }

            at = slot.Chain;
        }

        return 0;
    }

    /// <summary>Puts an entry in, over the one that answers for the same tag if there is one.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="evicted">Out: who had to leave; the default value when nobody had.</param>
    internal void Put(in TlbEntry entry, out TlbEntry evicted)
    {
        int slot = Find(entry.Tag);
        evicted = default;
        if (slot >= 0)
        {
            RemoveAt(slot);
        }

        slot = _ways == 0 ? TakeSlot() : VictimOf(entry.Tag);
        if (_slots[slot].Tag != 0)
        {
            evicted = EntryAt(slot);
            RemoveAt(slot);
        }

        _slots[slot].Tag = entry.Tag;
        _slots[slot].Value = entry.Value;
        LinkLast(slot, BucketOf(entry.Tag));
        Count++;
        _countByLevel[(int)entry.Level]++;
        Touch(ref _slots[slot], slot);
    }

    /// <summary>Adds every entry to a list, in the order of the slots.</summary>
    internal void List(List<TlbEntry> into)
    {
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot].Tag != 0)
            {
                into.Add(EntryAt(slot));
            }
        }
    }

    /// <summary>Empties a slot.</summary>
    internal void RemoveAt(int slot)
    {
        ulong tag = _slots[slot].Tag;
        ref int link = ref _buckets[BucketOf(tag)];
        while (link != slot)
        {
            link = ref _slots[link].Chain;
        }

        link = _slots[slot].Chain;
        _slots[slot].Tag = 0;
        Count--;
        _countByLevel[(int)(tag >> LevelShift) & 7]--;
        _lru?.Retire(slot);
        if (_ways == 0)
        {
            (_slots[slot].Chain, _free) = (_free, slot);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Touch(ref Slot slot, int at)
    {
        slot.Stamp = ++_clock;
        if (!_stamped)
        {
            Reorder(at);
        }
    }

    private void Reorder(int slot)
    {
        _lru?.Touch(slot);
        _plru?.Touch(slot / _ways, slot % _ways);
    }

    private int VictimOf(ulong tag)
    {
        int level = (int)(tag >> LevelShift) & 7;
        int set = (int)((tag & ((1UL << LevelShift) - 1)) >> (3 + (9 * level))) & _setMask;
        if (_lru is not null)
        {
            return _lru.Victim(set);
        }

        int first = set * _ways;
        int oldest = first;
        for (int slot = first; slot < first + _ways; slot++)
        {
            if (_slots[slot].Tag == 0)
            {
                return slot;
            }

            oldest = _slots[slot].Stamp < _slots[oldest].Stamp ? slot : oldest;
        }

        return _stamped ? oldest : first + _plru!.Victim(set);
    }

    private int TakeSlot()
    {
        if (_free >= 0)
        {
            int slot = _free;
            _free = _slots[slot].Chain;
            return slot;
        }

        if (_used == _slots.Length)
        {
            Grow();
        }

        return _used++;
    }

    private void Grow()
    {
        Array.Resize(ref _slots, _slots.Length * 2);
        _buckets = NewBuckets(_buckets.Length * 2);
        _hashShift--;
        for (int slot = 0; slot < _used; slot++)
        {
            LinkLast(slot, BucketOf(_slots[slot].Tag));
        }
    }

    private void LinkLast(int slot, int bucket)
    {
        ref int link = ref _buckets[bucket];
        while (link >= 0)
        {
            link = ref _slots[link].Chain;
        }

        link = slot;
        _slots[slot].Chain = None;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int BucketOf(ulong tag) => (int)((tag & ~PcidField) * 0x9E37_79B9_7F4A_7C15 >> _hashShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Answers(in Slot slot, ulong tag)
    {
        ulong differs = slot.Tag ^ tag;
        return differs == 0 || ((slot.Value & (ulong)PteBits.G) != 0 && differs <= PcidField);
    }

    private static int[] NewBuckets(int count)
    {
        int[] buckets = new int[count];
        Array.Fill(buckets, None);
        return buckets;
    }

    private struct Slot
    {
        public ulong Tag;
        public ulong Value;
        public ulong Stamp;
        public int Chain;
    }
}
