using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Memory;

namespace MmuEmu.Emulator.Tlb;

/// <summary>Slots of one array in linked lists, each slot in one list at most; both ends of a change cost the same few words.</summary>
internal sealed class SlotLists
{
    /// <summary>What ends a list.</summary>
    internal const int None = -1;

    private readonly int[] _heads;
    private Node[] _nodes;

    internal SlotLists(int lists, int slots)
    {
        _heads = new int[lists];
        Array.Fill(_heads, None);
        _nodes = new Node[slots];
    }

    /// <summary>The slot of a list that was added last, or <see cref="None"/>.</summary>
    internal int First(int list) => _heads[list];

    /// <summary>The slot after one, in the same list, or <see cref="None"/>.</summary>
    internal int After(int slot) => _nodes[slot].Next;

    /// <summary>Adds a slot that is in no list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(int slot, int list)
    {
        int next = _heads[list];
        _heads[list] = slot;
        _nodes[slot] = new Node { Before = ~list, Next = next };
        if (next >= 0)
        {
            _nodes[next].Before = slot;
        }
    }

    /// <summary>Takes a slot out of its list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Remove(int slot)
    {
        Node node = _nodes[slot];
        if (node.Before >= 0)
        {
            _nodes[node.Before].Next = node.Next;
        }
        else
        {
            _heads[~node.Before] = node.Next;
        }

        if (node.Next >= 0)
        {
            _nodes[node.Next].Before = node.Before;
        }
    }

    /// <summary>Makes room for more slots.</summary>
    internal void Grow(int slots) => Array.Resize(ref _nodes, slots);

    /// <summary>Its state as a value; <paramref name="last"/> is an earlier one to share with.</summary>
    internal SlotListsImage Save(SlotListsImage? last) => new(ArrayImage.Of(_heads, last?.Heads), ArrayImage.Of(_nodes, last?.Nodes));

    /// <summary>Takes that state again.</summary>
    internal void Restore(SlotListsImage image)
    {
        image.Heads.CopyTo(_heads.AsSpan());
        image.Nodes.CopyTo(ref _nodes);
    }

    private struct Node
    {
        /// <summary>The slot before; the complement of the list's number in the first.</summary>
        public int Before;
        public int Next;
    }
}
