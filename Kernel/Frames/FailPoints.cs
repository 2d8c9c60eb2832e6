using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Frames;

/// <summary>Small allocations that can be made to fail, because memory is seldom short at just the right one.</summary>
public enum FailKind
{
    /// <summary>A node for a volatile range.</summary>
    Nodes,

    /// <summary>The copy of an address space at fork.</summary>
    Copies,

    /// <summary>A split of a mapping.</summary>
    Splits,

    /// <summary>A page table.</summary>
    Tables,
}

/// <summary>How many of the next allocations of each kind fail.</summary>
internal sealed class FailPoints : IStateful
{
    private readonly ulong[] _left = new ulong[4];

    /// <summary>Lets the next <paramref name="count"/> of a kind fail, besides those that were to fail already.</summary>
    public void Arm(FailKind kind, ulong count) => _left[(int)kind] += count;

    /// <summary>True when the allocation that is about to be made is to fail; it is then counted.</summary>
    public bool Strikes(FailKind kind)
    {
        ref ulong left = ref _left[(int)kind];
        if (left == 0)
        {
            return false;
        }

        left--;
        return true;
    }

    object IStateful.Save(object? last) => SavedItems.Same((_left[0], _left[1], _left[2], _left[3]), last);

    void IStateful.Restore(object state) => (_left[0], _left[1], _left[2], _left[3]) = ((ulong, ulong, ulong, ulong))state;
}
