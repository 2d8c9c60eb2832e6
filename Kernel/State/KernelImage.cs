namespace MmuEmu.Kernel.State;

/// <summary>The state of the kernel's objects at one moment, each with its own; never changes.</summary>
internal sealed class KernelImage
{
    private readonly Dictionary<IStateful, object> _states;

    private KernelImage(Dictionary<IStateful, object> states) => _states = states;

    /// <summary>How many objects it holds.</summary>
    public int Count => _states.Count;

    /// <summary>The state of all that can be reached from <paramref name="root"/>.</summary>
    /// <param name="root">Where to begin.</param>
    /// <param name="last">The image before, to share with; null for none.</param>
    public static KernelImage Of(IStateful root, KernelImage? last)
    {
        StateVisitor visitor = new();
        visitor.See(root);
        IReadOnlyList<IStateful> found = visitor.Follow();
        Dictionary<IStateful, object> states = new(found.Count, ReferenceEqualityComparer.Instance);
        foreach (IStateful part in found)
        {
            states.Add(part, part.Save(last?._states.GetValueOrDefault(part)));
        }

        return new KernelImage(states);
    }

    /// <summary>Gives every object its state back; what was made since is no longer referred to.</summary>
    public void Restore()
    {
        foreach ((IStateful part, object state) in _states)
        {
            part.Restore(state);
        }
    }
}
