using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Vmas;

/// <summary>All mappings that can hold pages of one family of anonymous memory: the VMA that made it, its splits and its copies by fork.</summary>
/// <remarks>
/// A page's <see cref="Frames.PageFrame.Index"/> is its linear page index, which splits, moves and forks do not change, so
/// each listed VMA tells where it would have the page. Source: [Linux mm/rmap.c, struct anon_vma].
/// </remarks>
internal sealed class AnonVma(ulong id) : IStateful
{
    private readonly List<Vma> _vmas = [];

    /// <summary>The number that a page's mapping word carries; never used again.</summary>
    public ulong Id { get; } = id;

    /// <summary>The mappings, oldest first.</summary>
    public IReadOnlyList<Vma> Vmas => _vmas;

    internal void Link(Vma vma) => _vmas.Add(vma);

    internal void Unlink(Vma vma) => _vmas.Remove(vma);

    object IStateful.Save(object? last) => SavedItems.Of(_vmas, last as Vma[]);

    void IStateful.Restore(object state) => SavedItems.PutBack(_vmas, (Vma[])state);

    void IStateful.SeeParts(StateVisitor visitor) => visitor.SeeAll(_vmas);
}

/// <summary>All mappings of one file.</summary>
/// <remarks>Source: [Linux include/linux/fs.h, i_mmap of struct address_space].</remarks>
internal sealed class FileMapping(ulong id, IBacking owner) : IStateful
{
    private readonly List<Vma> _vmas = [];

    /// <summary>The file.</summary>
    public IBacking Owner { get; } = owner;

    /// <summary>The number that a page's mapping word carries; never used again.</summary>
    public ulong Id { get; } = id;

    /// <summary>The mappings, oldest first; private ones too.</summary>
    public IReadOnlyList<Vma> Vmas => _vmas;

    internal void Link(Vma vma) => _vmas.Add(vma);

    internal void Unlink(Vma vma) => _vmas.Remove(vma);

    object IStateful.Save(object? last) => SavedItems.Of(_vmas, last as Vma[]);

    void IStateful.Restore(object state) => SavedItems.PutBack(_vmas, (Vma[])state);

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.SeeAny(Owner);
        visitor.SeeAll(_vmas);
    }
}
