using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>Names that lie under a directory and were not made by the guest: a folder of the host, or a view such as /proc.</summary>
internal interface IFolderSource
{
    /// <summary>The names, in an order that does not depend on the host.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>What <paramref name="name"/> stands for, or null.</summary>
    Inode? Find(string name);

    /// <summary>True when what was found once stays what it is, and may be remembered.</summary>
    bool Steady { get; }
}

/// <summary>The entries of a directory: what the guest made lies over what was there.</summary>
/// <param name="below">What was there; null for nothing.</param>
internal sealed class Folder(IFolderSource? below) : IStateful
{
    private readonly SortedDictionary<string, Inode?> _entries = new(StringComparer.Ordinal);

    /// <summary>The names, sorted by their bytes.</summary>
    public List<string> Names()
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        if (below is not null)
        {
            foreach (string name in below.Names)
            {
                names.Add(name);
            }
        }

        foreach ((string name, Inode? inode) in _entries)
        {
            _ = inode is null ? names.Remove(name) : names.Add(name);
        }

        return [.. names];
    }

    /// <summary>The names that were looked up or made, with what they stand for.</summary>
    public IEnumerable<(string Name, Inode Inode)> Known
    {
        get
        {
            foreach ((string name, Inode? inode) in _entries)
            {
                if (inode is not null)
                {
                    yield return (name, inode);
                }
            }
        }
    }

    /// <summary>What <paramref name="name"/> stands for, or null.</summary>
    public Inode? Find(string name)
    {
        if (_entries.TryGetValue(name, out Inode? inode))
        {
            return inode;
        }

        inode = below?.Find(name);
        if (inode is not null && below!.Steady)
        {
            _entries[name] = inode;
        }

        return inode;
    }

    /// <summary>Gives <paramref name="inode"/> a name here.</summary>
    public void Put(string name, Inode inode) => _entries[name] = inode;

    /// <summary>Takes a name away; what was there below stays hidden.</summary>
    public void Remove(string name) => _entries[name] = null;

    object IStateful.Save(object? last) => (KeyValuePair<string, Inode?>[])[.. _entries];

    void IStateful.Restore(object state) => SavedItems.PutBack(_entries, (KeyValuePair<string, Inode?>[])state);

    void IStateful.SeeParts(StateVisitor visitor)
    {
        foreach (Inode? inode in _entries.Values)
        {
            visitor.See(inode);
        }
    }
}
