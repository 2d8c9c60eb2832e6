using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Tlb;

/// <summary>One array of translations: set-associative with replacement, or without end.</summary>
/// <remarks>
/// Sets decide who is evicted; finding goes through a hash chain instead of comparing the ways, so a fully associative array
/// of 96 entries costs the host no more than a direct-mapped one. Global entries hash and compare without their PCID.
/// </remarks>
internal sealed class TranslationArray
{
    private const int None = -1;

    private readonly WayChoice? _ways;
    private readonly bool _stamped;
    private readonly SlotIndex _index;
    private readonly int[] _countByLevel = new int[8];
    private TlbSlot[] _slots;
    private int[] _leaving;
    private int[] _buckets;
    private int _hashShift;
    private int _used;
    private int _free = None;
    private ulong _clock;

    private TranslationArray(int slots, WayChoice? ways)
    {
        _ways = ways;
        _stamped = ways is { Stamped: true };
        _slots = new TlbSlot[slots];
        _leaving = new int[slots];
        _index = new SlotIndex(slots);
        int buckets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, slots * 2));
        _buckets = NewBuckets(buckets);
        _hashShift = 64 - BitOperations.Log2((uint)buckets);
    }

    /// <summary>An array of a fixed shape.</summary>
    /// <exception cref="ArgumentException">The sets are no power of two, or there are too many ways for a recency tree.</exception>
    internal TranslationArray(in TlbShape shape)
        : this(shape.Entries, new WayChoice(shape))
    {
    }

    /// <summary>An array that grows and never evicts.</summary>
    internal static TranslationArray Endless() => new(64, null);

    /// <summary>Entries held.</summary>
    internal int Count { get; private set; }

    /// <summary>True when an entry of this level is held; saves a search for a page size that is not there.</summary>
    internal bool Has(PagingLevel level) => _countByLevel[(int)level] != 0;

    /// <summary>The slot that answers for a tag, or -1; changes nothing.</summary>
    internal int Find(ulong tag)
    {
        TlbSlot[] slots = _slots;
        for (int i = _buckets[BucketOf(tag)]; (uint)i < (uint)slots.Length; i = slots[i].Chain)
        {
            if (slots[i].Answers(tag))
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
        TlbSlot[] slots = _slots;
        int at = _buckets[BucketOf(tag)];
        while ((uint)at < (uint)slots.Length)
        {
            ref TlbSlot slot = ref slots[at];
            if (slot.Answers(tag))
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
        if (Find(entry.Tag) is >= 0 and int same)
        {
            RemoveAt(same);
        }

        PutNew(entry, out evicted);
    }

    /// <summary>Puts an entry in for a tag for which none answers.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="evicted">Out: who had to leave; the default value when nobody had.</param>
    internal void PutNew(in TlbEntry entry, out TlbEntry evicted)
    {
        Debug.Assert(Find(entry.Tag) < 0, "an entry answers for the tag already");
        evicted = default;
        int at = _ways is null ? TakeSlot() : _ways.SlotFor(entry.Tag, _slots, Count == _slots.Length);
        if (_slots[at].Tag != 0)
        {
            evicted = _slots[at].Entry;
            RemoveAt(at);
        }

        ref TlbSlot slot = ref _slots[at];
        slot.Tag = entry.Tag;
        slot.Value = entry.Value;
        LinkLast(at, BucketOf(entry.Tag));
        _index.Add(at, entry);
        _ways?.Filled(at);
        Count++;
        _countByLevel[(int)entry.Level & 7]++;
        Touch(ref slot, at);
    }

    /// <summary>Adds every entry to a list, in the order of the slots.</summary>
    internal void List(List<TlbEntry> into)
    {
        foreach (ref readonly TlbSlot slot in _slots.AsSpan())
        {
            if (slot.Tag != 0)
            {
                into.Add(slot.Entry);
            }
        }
    }

    /// <summary>Drops the entries that answer for an address, smallest page first, and tells of each.</summary>
    internal void DropAddress(VirtAddr address, ushort pcid, ILookAside? told)
    {
        for (PagingLevel level = PagingLevel.Pt; level <= PagingLevel.Pdpt; level++)
        {
            ulong tag = TlbEntry.TagOf(address, level, pcid);
            while (Has(level) && Find(tag) is >= 0 and int slot)
            {
                RemoveAt(slot);
                told?.DropPage(address, level.LeafSize());
            }
        }
    }

    /// <summary>Drops the entries that an invalidation of one page names, and tells of each.</summary>
    internal void DropPage(in TlbInvalidation what, ILookAside? told)
    {
        int count = 0;
        for (PagingLevel level = PagingLevel.Pt; level <= PagingLevel.Pdpt; level++)
        {
            count = Has(level) ? CollectWhole(what, level, count) : count;
        }

        count = Settle(_index.CollectPieces(what, _slots, _leaving, count), bySlot: what.Scope != TlbScope.Page);
        for (int i = 0; i < count; i++)
        {
            TlbEntry entry = _slots[_leaving[i]].Entry;
            RemoveAt(_leaving[i]);
            told?.DropPage(entry.Address, entry.Size);
        }
    }

    /// <summary>Drops the entries that an invalidation of more than one page names.</summary>
    internal void DropOwned(in TlbInvalidation what)
    {
        int count = Count == 0 ? 0 : Settle(_index.CollectOwned(what, _slots, _leaving), bySlot: true);
        for (int i = 0; i < count; i++)
        {
            RemoveAt(_leaving[i]);
        }
    }

    /// <summary>Empties a slot.</summary>
    internal void RemoveAt(int slot)
    {
        TlbEntry entry = _slots[slot].Entry;
        ref int link = ref _buckets[BucketOf(entry.Tag)];
        while (link != slot)
        {
            link = ref _slots[link].Chain;
        }

        link = _slots[slot].Chain;
        _slots[slot].Tag = 0;
        _index.Remove(slot, entry);
        Count--;
        _countByLevel[(int)entry.Level]--;
        _ways?.Emptied(slot);
        if (_ways is null)
        {
            (_slots[slot].Chain, _free) = (_free, slot);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Touch(ref TlbSlot slot, int at)
    {
        slot.Stamp = ++_clock;
        if (!_stamped)
        {
            _ways?.Touch(at);
        }
    }

    /// <summary>Finds the entries of one level, whole pages, that an invalidation of one page names.</summary>
    private int CollectWhole(in TlbInvalidation what, PagingLevel level, int count)
    {
        ulong tag = TlbEntry.TagOf(what.Address, level, what.Pcid);
        for (int i = _buckets[BucketOf(tag)]; i >= 0; i = _slots[i].Chain)
        {
            TlbEntry entry = _slots[i].Entry;
            if ((entry.Tag ^ tag) <= TlbEntry.PcidField && !entry.IsPiece && what.Names(entry))
            {
                _leaving[count++] = i;
            }
        }

        return count;
    }

    /// <summary>Where it decides which slots are filled next, puts the leaving ones in order; a list per owner has another than the slots.</summary>
    private int Settle(int count, bool bySlot)
    {
        if (count > 1 && bySlot && _ways is null or { OrderMatters: true })
        {
            _leaving.AsSpan(0, count).Sort();
        }

        return count;
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
        _leaving = new int[_slots.Length];
        _index.Grow(_slots.Length);
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
    private int BucketOf(ulong tag) => (int)((tag & ~TlbEntry.PcidField) * 0x9E37_79B9_7F4A_7C15 >> _hashShift);

    private static int[] NewBuckets(int count)
    {
        int[] buckets = new int[count];
        Array.Fill(buckets, None);
        return buckets;
    }
}
