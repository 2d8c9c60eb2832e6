using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;

namespace MmuEmu.Tests.Oracles;

/// <summary>One array of translations, written the slow way: a row of slots that every question looks through.</summary>
internal sealed class ScanningArray
{
    private readonly int _ways;
    private readonly int _sets;
    private readonly PlruTrees? _trees;
    private readonly Stack<int> _left = new();
    private readonly List<Slot> _slots = [];
    private ulong _clock;

    /// <summary>An array of a shape; a shape of no entries grows without end.</summary>
    public ScanningArray(TlbShape shape)
    {
        (_ways, _sets) = (shape.Ways, shape.Sets);
        _trees = shape.Policy == Replacement.TreePlru ? new PlruTrees(shape.Sets, shape.Ways) : null;
        Room = shape.Entries == 0 ? 64 : shape.Entries;
        for (int i = 0; i < shape.Entries; i++)
        {
            _slots.Add(new Slot());
        }
    }

    private bool Endless => _ways == 0;

    private int Room { get; set; }

    /// <summary>The entries in the order of their slots.</summary>
    public IEnumerable<TlbEntry> Entries => _slots.Where(slot => slot.Entry.Tag != 0).Select(slot => slot.Entry);

    /// <summary>The entry that answers first, by the time at which it came.</summary>
    public TlbEntry Find(ulong tag) => Answering(tag) is >= 0 and int at ? _slots[at].Entry : default;

    public TlbEntry Use(ulong tag)
    {
        int at = Answering(tag);
        if (at >= 0)
        {
            Touch(at);
        }

        return at >= 0 ? _slots[at].Entry : default;
    }

    /// <summary>Puts an entry in; gives the one that had to leave, or the default value.</summary>
    public TlbEntry Put(TlbEntry entry)
    {
        if (Answering(entry.Tag) is >= 0 and int old)
        {
            Remove(old);
        }

        int at = Endless ? NextSlot() : Victim(entry);
        TlbEntry evicted = _slots[at].Entry;
        _slots[at] = new Slot { Entry = entry, Came = ++_clock };
        Touch(at);
        return evicted;
    }

    /// <summary>Removes every entry that is named, in the order of the slots.</summary>
    public List<TlbEntry> RemoveAll(Func<TlbEntry, bool> named)
    {
        List<TlbEntry> gone = [];
        for (int at = 0; at < _slots.Count; at++)
        {
            if (_slots[at].Entry.Tag != 0 && named(_slots[at].Entry))
            {
                gone.Add(_slots[at].Entry);
                Remove(at);
            }
        }

        return gone;
    }

    /// <summary>Removes the entries that answer for a tag, first come first.</summary>
    public List<TlbEntry> RemoveAnswering(ulong tag)
    {
        List<TlbEntry> gone = [];
        for (int at = Answering(tag); at >= 0; at = Answering(tag))
        {
            gone.Add(_slots[at].Entry);
            Remove(at);
        }

        return gone;
    }

    private static bool Answers(TlbEntry entry, ulong tag) =>
        entry.Tag != 0 && (entry.Tag == tag || (entry.Global && entry.Tag >> 12 == tag >> 12));

    private int Answering(ulong tag)
    {
        int best = -1;
        for (int at = 0; at < _slots.Count; at++)
        {
            bool earlier = best < 0 || _slots[at].Came < _slots[best].Came;
            best = Answers(_slots[at].Entry, tag) && earlier ? at : best;
        }

        return best;
    }

    private void Touch(int at)
    {
        _slots[at].Used = ++_clock;
        _trees?.Touch(at / _ways, at % _ways);
    }

    private void Remove(int at)
    {
        _slots[at].Entry = default;
        _left.Push(at);
    }

    /// <summary>An empty way of the set, the first; else the one that the policy gives up.</summary>
    private int Victim(TlbEntry entry)
    {
        int set = (int)((entry.Address.Raw & ((1UL << 57) - 1)) >> entry.Level.Shift()) & (_sets - 1);
        IEnumerable<int> ways = Enumerable.Range(set * _ways, _ways);
        int empty = ways.FirstOrDefault(at => _slots[at].Entry.Tag == 0, -1);
        return empty >= 0 ? empty
            : _trees is null ? ways.MinBy(at => _slots[at].Used)
            : (set * _ways) + _trees.Victim(set);
    }

    /// <summary>The slot that came free last, else a new one. When room is made for more, the order of coming becomes that of the slots.</summary>
    private int NextSlot()
    {
        if (_left.TryPop(out int free))
        {
            return free;
        }

        if (_slots.Count == Room)
        {
            Room *= 2;
            for (int at = 0; at < _slots.Count; at++)
            {
                _slots[at].Came = (ulong)at;
            }

            _clock = Math.Max(_clock, (ulong)_slots.Count);
        }

        _slots.Add(new Slot());
        return _slots.Count - 1;
    }

    private sealed class Slot
    {
        public TlbEntry Entry { get; set; }

        public ulong Came { get; set; }

        public ulong Used { get; set; }
    }
}
