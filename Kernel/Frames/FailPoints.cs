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

/// <summary>Which of the next allocations of each kind fail.</summary>
internal sealed class FailPoints : IStateful
{
    private readonly (ulong Spared, ulong Failing)[] _next = new (ulong, ulong)[4];

    /// <summary>Spares <paramref name="spared"/> allocations of a kind, and lets the <paramref name="count"/> after them fail; what was armed before is forgotten.</summary>
    public void Arm(FailKind kind, ulong count, ulong spared = 0) => _next[(int)kind] = (spared, count);

    /// <summary>True when the allocation that is about to be made is to fail; it is then counted.</summary>
    public bool Strikes(FailKind kind)
    {
        ref (ulong Spared, ulong Failing) next = ref _next[(int)kind];
        if (next.Failing == 0)
        {
            return false;
        }

        if (next.Spared > 0)
        {
            next.Spared--;
            return false;
        }

        next.Failing--;
        return true;
    }

    object IStateful.Save(object? last) => SavedItems.Same((_next[0], _next[1], _next[2], _next[3]), last);

    void IStateful.Restore(object state) => (_next[0], _next[1], _next[2], _next[3]) =
        (((ulong, ulong), (ulong, ulong), (ulong, ulong), (ulong, ulong)))state;
}
