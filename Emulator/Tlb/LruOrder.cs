using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Memory;

namespace MmuEmu.Emulator.Tlb;

/// <summary>Exact recency of the ways of each set, as one doubly linked list per set.</summary>
internal sealed class LruOrder
{
    private const int End = -1;
    private readonly Link[] _links;
    private readonly Ends[] _sets;

    internal LruOrder(int sets, int ways)
    {
        _links = new Link[sets * ways];
        _sets = new Ends[sets];
        for (int slot = 0; slot < _links.Length; slot++)
        {
            _links[slot] = new Link
            {
                Newer = (slot + 1) % ways == 0 ? End : slot + 1,
                Older = slot % ways == 0 ? End : slot - 1,
                Set = slot / ways,
            };
        }

        for (int set = 0; set < sets; set++)
        {
            _sets[set] = new Ends { Oldest = set * ways, Newest = (set * ways) + ways - 1 };
        }
    }

    /// <summary>The least recently used slot of the set; an empty one when there is one.</summary>
    internal int Victim(int set) => _sets[set].Oldest;

    /// <summary>Makes a slot the most recently used of its set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Touch(int slot)
    {
        if (_links[slot].Newer != End)
        {
            MoveToFront(slot);
        }
    }

    private void MoveToFront(int slot)
    {
        ref Link link = ref _links[slot];
        ref Ends ends = ref _sets[link.Set];
        Unlink(link, ref ends);
        (link.Older, link.Newer) = (ends.Newest, End);
        _links[ends.Newest].Newer = slot;
        ends.Newest = slot;
    }

    /// <summary>Makes an emptied slot the first to be filled.</summary>
    internal void Retire(int slot)
    {
        ref Link link = ref _links[slot];
        if (link.Older == End)
        {
            return;
        }

        ref Ends ends = ref _sets[link.Set];
        Unlink(link, ref ends);
        (link.Newer, link.Older) = (ends.Oldest, End);
        _links[ends.Oldest].Older = slot;
        ends.Oldest = slot;
    }

    /// <summary>Its state as a value; <paramref name="last"/> is an earlier one to share with.</summary>
    internal OrderImage Save(OrderImage? last) => new(ArrayImage.Of(_links, last?.Links), ArrayImage.Of(_sets, last?.Sets));

    /// <summary>Takes that state again.</summary>
    internal void Restore(OrderImage image)
    {
        image.Links.CopyTo(_links.AsSpan());
        image.Sets.CopyTo(_sets.AsSpan());
    }

    private void Unlink(in Link link, ref Ends ends)
    {
        if (link.Newer == End)
        {
            ends.Newest = link.Older;
        }
        else
        {
            _links[link.Newer].Older = link.Older;
        }

        if (link.Older == End)
        {
            ends.Oldest = link.Newer;
        }
        else
        {
            _links[link.Older].Newer = link.Newer;
        }
    }

    private struct Link
    {
        public int Newer;
        public int Older;
        public int Set;
    }

    private struct Ends
    {
        public int Oldest;
        public int Newest;
    }
}
