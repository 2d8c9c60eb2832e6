using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Locks;

/// <summary>Which marks the guest has set: what tasks that a rule holds wait for.</summary>
internal sealed class MarkBoard : IStateful
{
    private readonly SortedSet<string> _set = new(StringComparer.Ordinal);

    /// <summary>A mark was set.</summary>
    public void Note(string mark) => _set.Add(mark);

    /// <summary>True when a mark was set before now.</summary>
    public bool WasSet(string mark) => _set.Contains(mark);

    object IStateful.Save(object? last) => (string[])[.. _set];

    void IStateful.Restore(object state)
    {
        _set.Clear();
        _set.UnionWith((string[])state);
    }
}
