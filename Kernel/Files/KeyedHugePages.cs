using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>The shared pages of alloc_hugepages, by key, while somebody maps them.</summary>
internal sealed class KeyedHugePages : IStateful
{
    private readonly SortedDictionary<int, HugeContent> _byKey = [];

    /// <summary>What lives under <paramref name="key"/>; null for nothing.</summary>
    public HugeContent? Find(int key)
    {
        if (_byKey.GetValueOrDefault(key) is not { } found)
        {
            return null;
        }

        if (found.IsGone)
        {
            _ = _byKey.Remove(key);
            return null;
        }

        return found;
    }

    /// <summary>Puts pages under a key that has none.</summary>
    public void Add(int key, HugeContent content) => _byKey[key] = content;

    object IStateful.Save(object? last) => (KeyValuePair<int, HugeContent>[])[.. _byKey];

    void IStateful.Restore(object state) => SavedItems.PutBack(_byKey, (KeyValuePair<int, HugeContent>[])state);

    void IStateful.SeeParts(StateVisitor visitor) => visitor.SeeAll(_byKey.Values);
}
