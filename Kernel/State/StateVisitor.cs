namespace MmuEmu.Kernel.State;

/// <summary>Finds every object with state that can be reached, each once.</summary>
internal sealed class StateVisitor
{
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<IStateful> _found = [];
    private int _next;

    /// <summary>Shows an object that another refers to; null and what was seen before are passed over.</summary>
    public void See(IStateful? part)
    {
        if (part is not null && _seen.Add(part))
        {
            _found.Add(part);
        }
    }

    /// <summary>Shows several.</summary>
    public void SeeAll(IEnumerable<IStateful> parts)
    {
        foreach (IStateful part in parts)
        {
            See(part);
        }
    }

    /// <summary>Shows what may have state or not: a waiter's home, or an object whose kind says it at run time only.</summary>
    public void SeeAny(object? part) => See(part as IStateful);

    /// <summary>All that can be reached from what was shown, in the order in which it was found.</summary>
    public IReadOnlyList<IStateful> Follow()
    {
        while (_next < _found.Count)
        {
            _found[_next++].SeeParts(this);
        }

        return _found;
    }
}
