namespace MmuEmu.Emulator.Tlb;

/// <summary>Exact recency of the ways of each set, as one doubly linked list per set.</summary>
internal sealed class LruOrder
{
    private const int End = -1;
    private readonly int _ways;
    private readonly int[] _newer;
    private readonly int[] _older;
    private readonly int[] _newest;
    private readonly int[] _oldest;

    internal LruOrder(int sets, int ways)
    {
        _ways = ways;
        _newer = new int[sets * ways];
        _older = new int[sets * ways];
        _newest = new int[sets];
        _oldest = new int[sets];
        for (int slot = 0; slot < sets * ways; slot++)
        {
            _newer[slot] = (slot + 1) % ways == 0 ? End : slot + 1;
            _older[slot] = slot % ways == 0 ? End : slot - 1;
        }

        for (int set = 0; set < sets; set++)
        {
            _oldest[set] = set * ways;
            _newest[set] = (set * ways) + ways - 1;
        }
    }

    /// <summary>The least recently used slot of the set; an empty one when there is one.</summary>
    internal int Victim(int set) => _oldest[set];

    /// <summary>Makes a slot the most recently used of its set.</summary>
    internal void Touch(int slot)
    {
        if (_newer[slot] == End)
        {
            return;
        }

        int set = slot / _ways;
        Unlink(slot, set);
        int newest = _newest[set];
        (_older[slot], _newer[slot]) = (newest, End);
        _newer[newest] = slot;
        _newest[set] = slot;
    }

    /// <summary>Makes an emptied slot the first to be filled.</summary>
    internal void Retire(int slot)
    {
        if (_older[slot] == End)
        {
            return;
        }

        int set = slot / _ways;
        Unlink(slot, set);
        int oldest = _oldest[set];
        (_newer[slot], _older[slot]) = (oldest, End);
        _older[oldest] = slot;
        _oldest[set] = slot;
    }

    private void Unlink(int slot, int set)
    {
        int newer = _newer[slot];
        int older = _older[slot];
        if (newer == End)
        {
            _newest[set] = older;
        }
        else
        {
            _older[newer] = older;
        }

        if (older == End)
        {
            _oldest[set] = newer;
        }
        else
        {
            _newer[older] = newer;
        }
    }
}
