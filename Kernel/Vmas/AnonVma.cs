using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Vmas;

/// <summary>All mappings that can hold pages of one family of anonymous memory: the VMA that made it, its splits and its copies by fork.</summary>
/// <remarks>
/// A page's <see cref="Frames.PageFrame.Index"/> is its linear page index, which splits, moves and forks do not change, so
/// each listed VMA tells where it would have the page. Source: [Linux mm/rmap.c, struct anon_vma].
/// </remarks>
internal sealed class AnonVma(ulong id) : IWholeOfParts
{
    private readonly VmaLinks _vmas = new(VmaLink.Family);

    /// <summary>The number that a page's mapping word carries; never used again.</summary>
    public ulong Id { get; } = id;

    /// <summary>The mappings, oldest first.</summary>
    public IReadOnlyList<Vma> Vmas => _vmas.Vmas;

    internal void Link(Vma vma) => _vmas.Link(vma);

    internal void Unlink(Vma vma) => _vmas.Unlink(vma);

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(_vmas);
}

/// <summary>All mappings of one file.</summary>
/// <remarks>Source: [Linux include/linux/fs.h, i_mmap of struct address_space].</remarks>
internal sealed class FileMapping(ulong id, IBacking owner) : IStateful
{
    private readonly VmaLinks _vmas = new(VmaLink.File);

    /// <summary>The file.</summary>
    public IBacking Owner { get; } = owner;

    /// <summary>The number that a page's mapping word carries; never used again.</summary>
    public ulong Id { get; } = id;

    /// <summary>The volatile ranges that hold for all who share the file; null while nobody has marked any.</summary>
    public IVolatileFile? Volatile { get; set; }

    /// <summary>The mappings, oldest first; private ones too.</summary>
    public IReadOnlyList<Vma> Vmas => _vmas.Vmas;

    internal void Link(Vma vma) => _vmas.Link(vma);

    internal void Unlink(Vma vma) => _vmas.Unlink(vma);

    /// <summary>The last user of the file has gone, and its volatility with him.</summary>
    internal void EndVolatility()
    {
        Volatile?.Unused();
        Volatile = null;
    }

    object IStateful.Save(object? last) => SavedItems.Same(new Saved(Volatile), last);

    void IStateful.Restore(object state) => Volatile = ((Saved)state).Volatile;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.SeeAny(Owner);
        visitor.SeeAny(Volatile);
        visitor.See(_vmas);
    }

    private sealed record Saved(IVolatileFile? Volatile);
}

/// <summary>Which list a mapping is on.</summary>
internal enum VmaLink
{
    /// <summary>That of its family of anonymous pages.</summary>
    Family,

    /// <summary>That of its file.</summary>
    File,
}

/// <summary>Mappings in the order in which they came to be; one is found by the number that it got then.</summary>
internal sealed class VmaLinks(VmaLink kind) : IStateful
{
    private readonly GapList<Vma> _vmas = new();
    private ulong _next;

    /// <summary>The mappings, oldest first.</summary>
    public IReadOnlyList<Vma> Vmas => _vmas;

    /// <summary>Puts a mapping at the end.</summary>
    public void Link(Vma vma)
    {
        vma.SetPlace(kind, _next++);
        _vmas.Insert(_vmas.Count, vma);
    }

    /// <summary>Takes a mapping off; one that is not there is left alone.</summary>
    public void Unlink(Vma vma)
    {
        ulong place = vma.PlaceOn(kind);
        (int low, int high) = (0, _vmas.Count);
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_vmas[middle].PlaceOn(kind) < place)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        if (low < _vmas.Count && _vmas[low] == vma)
        {
            _vmas.RemoveAt(low);
        }
    }

    object IStateful.Save(object? last)
    {
        Saved? before = last as Saved;
        return SavedItems.Same(new Saved(_vmas.Save(before?.Vmas), _next), last);
    }

    void IStateful.Restore(object state)
    {
        (SavedGapList<Vma> vmas, _next) = (Saved)state;
        _vmas.Restore(vmas);
    }

    void IStateful.SeeParts(StateVisitor visitor) => visitor.SeeAll(_vmas);

    private sealed record Saved(SavedGapList<Vma> Vmas, ulong Next);
}
