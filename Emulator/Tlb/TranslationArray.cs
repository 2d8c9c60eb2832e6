using System.Diagnostics;
using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Memory;
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
    private TlbSlot[] _slots;
    private int[] _leaving;
    private TagChains _chains;
    private EmptySlots _empty = new();
    private ulong _clock;

    // The slot of the last Put: the next is mostly for the same tag, and then nothing is searched.
    private int _lastPut;
    private LevelCounts _countByLevel;

    private TranslationArray(int slots, WayChoice? ways)
    {
        _ways = ways;
        _stamped = ways is { Stamped: true };
        _slots = new TlbSlot[slots];
        _leaving = new int[slots];
        _index = new SlotIndex(slots);
        _chains = new TagChains(slots);
    }

    /// <summary>An array of a fixed shape.</summary>
    /// <exception cref="ArgumentException">The sets are no power of two, or there are too many ways for a recency tree.</exception>
    internal TranslationArray(in TlbShape shape)
        : this(shape.Entries, new WayChoice(shape))
    {
    }

    /// <summary>An array that grows and never evicts.</summary>
    internal static TranslationArray Endless() => new(64, null);

    /// <summary>The slots, to be looked at.</summary>
    internal ReadOnlySpan<TlbSlot> Slots => _slots;

    /// <summary>Entries held.</summary>
    internal int Count { get; private set; }

    /// <summary>True when an entry of this level is held: else a search is saved.</summary>
    internal bool Has(PagingLevel level) => _countByLevel.Of(level) != 0;

    /// <summary>True when entries above the lowest level are held.</summary>
    internal bool HasLarge { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => Count != _countByLevel.Of(PagingLevel.Pt); }

    /// <summary>The slot that answers for a tag, or -1; changes nothing.</summary>
    internal int Find(ulong tag)
    {
        TlbSlot[] slots = _slots;
        for (int i = _chains.First(tag); (uint)i < (uint)slots.Length; i = slots[i].Chain)
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
        int at = _chains.First(tag);
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

    /// <summary>Puts an entry in, over the one with the same tag if there is one; for arrays without global entries and pieces.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Put(ulong tag, ulong value)
    {
        TlbSlot[] slots = _slots;
        int at = _lastPut;
        if (((uint)at < (uint)slots.Length && slots[at].Tag == tag) || TryFindForPut(new TlbEntry(tag, value), out at))
        {
            slots[at].Value = value;
            Touch(ref slots[at], at);
        }
    }

    /// <summary>Puts an entry in for a tag for which none answers. Gives its slot, and who had to leave: the default value when nobody had.</summary>
    internal int PutNew(in TlbEntry entry, out TlbEntry evicted)
    {
        Debug.Assert(Find(entry.Tag) < 0, "an entry answers for the tag already");
        int at = _ways is null ? TakeSlot() : _ways.SlotFor(entry.Tag, _slots, Count == _slots.Length);
        TlbSlot[] slots = _slots;
        ref TlbSlot slot = ref slots[at];
        evicted = slot.Tag == 0 ? default : slot.Entry;
        if (evicted.Tag != 0 && evicted.Level == entry.Level && SlotIndex.AreAlike(evicted, entry))
        {
            _chains.Remove(slots, at, evicted.Tag);
        }
        else
        {
            if (evicted.Tag != 0)
            {
                RemoveAt(at);
            }

            Occupy(slots, at, entry);
        }

        (slot.Tag, slot.Value) = (entry.Tag, entry.Value);
        _chains.AddLast(slots, at, entry.Tag);
        Touch(ref slot, at);
        return at;
    }

    /// <summary>Drops the entries that answer for an address, smallest page first, and tells of each.</summary>
    internal void DropAddress(VirtAddr address, ushort pcid, ILookAside? told)
    {
        PagingLevel highest = HasLarge ? PagingLevel.Pdpt : PagingLevel.Pt;
        for (PagingLevel level = PagingLevel.Pt; level <= highest; level++)
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
            count = Has(level) ? _chains.CollectWhole(what, level, _slots, _leaving, count) : count;
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
        if (count == Count && _ways is { OrderMatters: false } ways && _index.TryClear())
        {
            Empty(count, ways);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            RemoveAt(_leaving[i]);
        }
    }

    /// <summary>Empties a slot.</summary>
    internal void RemoveAt(int slot)
    {
        TlbSlot[] slots = _slots;
        TlbEntry entry = slots[slot].Entry;
        _chains.Remove(slots, slot, entry.Tag);
        slots[slot].Tag = 0;
        _index.Remove(slots, slot, entry);
        Count--;
        _countByLevel.Add(entry.Level, -1);
        _ways?.Emptied(slot);
        if (_ways is null)
        {
            _empty.Add(slots, slot);
        }
    }

    /// <summary>Its state as a value; <paramref name="last"/> is an earlier one to share with.</summary>
    internal TranslationArrayImage Save(TranslationArrayImage? last) => new(
        ArrayImage.Of(_slots, last?.Slots), _chains.Save(last?.Chains), _index.Save(last?.Index), _ways?.Save(last?.Ways),
        new ArrayCounts(Count, _countByLevel, _empty, _clock));

    /// <summary>Takes that state again.</summary>
    internal void Restore(TranslationArrayImage image)
    {
        image.Slots.CopyTo(ref _slots);
        _leaving = _leaving.Length == _slots.Length ? _leaving : new int[_slots.Length];
        _chains.Restore(image.Chains);
        _index.Restore(image.Index);
        _ways?.Restore(image.Ways!);
        (Count, _countByLevel, _empty, _clock) = image.Counts;
    }

    /// <summary>The slot that holds the tag; false when there was none, and the entry is in one now.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryFindForPut(in TlbEntry entry, out int at)
    {
        at = Find(entry.Tag);
        bool found = at >= 0;
        _lastPut = found ? at : PutNew(entry, out _);
        return found;
    }

    /// <summary>Empties the slots that leave, which are all that are not empty.</summary>
    private void Empty(int count, WayChoice ways)
    {
        TlbSlot[] slots = _slots;
        foreach (int slot in _leaving.AsSpan(0, count))
        {
            _chains.Clear(slots[slot].Tag);
            slots[slot].Tag = 0;
            ways.Emptied(slot);
        }

        Count = 0;
        _countByLevel = default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Occupy(TlbSlot[] slots, int at, in TlbEntry entry)
    {
        _index.Add(slots, at, entry);
        _ways?.Filled(at);
        _countByLevel.Add(entry.Level, 1);
        Count++;
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
        for (; ; Grow())
        {
            if (_empty.TryTake(_slots, out int slot))
            {
                return slot;
            }
        }
    }

    private void Grow()
    {
        Array.Resize(ref _slots, _slots.Length * 2);
        _leaving = new int[_slots.Length];
        _index.Grow(_slots.Length);
        _chains.Double();
        for (int slot = 0; slot < _empty.Used; slot++)
        {
            _chains.AddLast(_slots, slot, _slots[slot].Tag);
        }
    }
}
