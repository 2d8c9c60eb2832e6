namespace MmuEmu.Emulator.Memory;

/// <summary>The content of guest RAM at one moment; pages that did not change since are shared with other images.</summary>
/// <remarks>
/// It belongs to the RAM that gave it. When it is disposed of, or nobody refers to it any more, the pages that no other image
/// holds are used again.
/// </remarks>
public sealed class RamImage : IDisposable
{
    private readonly PageStore _store;
    private PageTree? _tree;

    internal RamImage(PageTree tree, PageStore store)
    {
        tree.Hold();
        (_tree, _store) = (tree, store);
    }

    /// <summary>Leaves what it holds, if nobody has disposed of it.</summary>
    ~RamImage() => Leave();

    /// <summary>What it holds; null once it was disposed of.</summary>
    internal PageTree? Tree => _tree;

    /// <summary>True when it was given by the RAM with that store.</summary>
    internal bool IsOf(PageStore store) => _store == store;

    /// <summary>Leaves what it holds; it cannot be restored any more.</summary>
    public void Dispose()
    {
        Leave();
        GC.SuppressFinalize(this);
    }

    private void Leave()
    {
        if (_tree is { } tree)
        {
            _tree = null;
            _store.LeaveLater(tree);
        }
    }
}
