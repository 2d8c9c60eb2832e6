using MmuEmu.Emulator.Memory;

namespace MmuEmu.Emulator.Tlb;

/// <summary>The least recently used ways of wide sets, without work at a use.</summary>
/// <remarks>
/// Each set is a list by the stamps that were noted when its slots were looked at last. Stamps only grow, so a slot at the
/// old end whose stamp is still the noted one is the oldest of all; one that was used since gets its place by its new stamp.
/// </remarks>
internal sealed class OldestWays
{
    private const int End = -1;

    private readonly Link[] _links;
    private readonly Ends[] _sets;

    internal OldestWays(int sets, int ways)
    {
        _links = new Link[sets * ways];
        _sets = new Ends[sets];
        for (int slot = 0; slot < _links.Length; slot++)
        {
            _links[slot].Newer = (slot + 1) % ways == 0 ? End : slot + 1;
            _links[slot].Older = slot % ways == 0 ? End : slot - 1;
        }

        for (int set = 0; set < sets; set++)
        {
            _sets[set] = new Ends { Oldest = set * ways, Newest = (set * ways) + ways - 1 };
        }
    }

    /// <summary>The oldest slot of a set that is full.</summary>
    internal int Of(int set, TlbSlot[] slots)
    {
        ref Ends ends = ref _sets[set];
        while (true)
        {
            int slot = ends.Oldest;
            ulong stamp = slots[slot].Stamp;
            if (_links[slot].Noted == stamp)
            {
                return slot;
            }

            _links[slot].Noted = stamp;
            MoveUp(slot, stamp, ref ends);
        }
    }

    /// <summary>Its state as a value; <paramref name="last"/> is an earlier one to share with.</summary>
    internal OrderImage Save(OrderImage? last) => new(ArrayImage.Of(_links, last?.Links), ArrayImage.Of(_sets, last?.Sets));

    /// <summary>Takes that state again.</summary>
    internal void Restore(OrderImage image)
    {
        image.Links.CopyTo(_links.AsSpan());
        image.Sets.CopyTo(_sets.AsSpan());
    }

    /// <summary>Moves the oldest slot behind the last one whose noted stamp is smaller; looks from the end that is nearer in time.</summary>
    private void MoveUp(int slot, ulong stamp, ref Ends ends)
    {
        int above = _links[slot].Newer;
        if (_links[above].Noted > stamp)
        {
            return;
        }

        int below;
        ulong newest = _links[ends.Newest].Noted;
        if (stamp > newest || newest - stamp < stamp - _links[above].Noted)
        {
            for (below = ends.Newest; _links[below].Noted > stamp; below = _links[below].Older)
            {
            }
        }
        else
        {
            for (below = above; _links[_links[below].Newer].Noted < stamp; below = _links[below].Newer)
            {
            }
        }

        ends.Oldest = above;
        _links[above].Older = End;
        Insert(slot, below, ref ends);
    }

    private void Insert(int slot, int below, ref Ends ends)
    {
        int above = _links[below].Newer;
        (_links[slot].Older, _links[slot].Newer) = (below, above);
        _links[below].Newer = slot;
        if (above == End)
        {
            ends.Newest = slot;
        }
        else
        {
            _links[above].Older = slot;
        }
    }

    private struct Link
    {
        public ulong Noted;
        public int Newer;
        public int Older;
    }

    private struct Ends
    {
        public int Oldest;
        public int Newest;
    }
}
