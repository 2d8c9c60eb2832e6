using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Memory;

/// <summary>Takes one page.</summary>
/// <param name="frame">Its number.</param>
/// <param name="bytes">Its 4096 bytes, valid during the call.</param>
public delegate void PageSeer(Pfn frame, ReadOnlySpan<byte> bytes);

/// <summary>The content of guest RAM at one moment; pages that did not change since are shared with other images.</summary>
/// <remarks>
/// It belongs to the RAM that gave it. When it is disposed of, or nobody refers to it any more, the pages that no other image
/// holds are used again.
/// </remarks>
public sealed class RamImage : IDisposable
{
    private static readonly byte[] ZeroPage = new byte[PageStore.PageBytes];

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

    /// <summary>Shows each page whose bytes are not what <paramref name="since"/> has there, lowest frame first.</summary>
    /// <param name="since">Another image of the same RAM, not disposed of; null for RAM full of zeros.</param>
    /// <param name="see">Takes them.</param>
    /// <exception cref="ArgumentException">One of the two is another RAM's, or was disposed of.</exception>
    public unsafe void Differences(RamImage? since, PageSeer see)
    {
        if (_tree is not { } now || (since is not null && (since._tree is null || since._store != _store)))
        {
            throw new ArgumentException("An image is another RAM's, or was disposed of.", nameof(since));
        }

        for (int i = 0; i < now.Groups.Length; i++)
        {
            (PageGroup? one, PageGroup? other) = (since?._tree!.Groups[i], now.Groups[i]);
            for (int frame = 0; frame < PageGroup.Frames && one != other; frame++)
            {
                (int before, int after) = (one?.Pages[frame] ?? 0, other?.Pages[frame] ?? 0);
                if (before != after && !PageOf(before).SequenceEqual(PageOf(after)))
                {
                    see(new Pfn(((ulong)i * PageGroup.Frames) + (ulong)frame), PageOf(after));
                }
            }
        }
    }

    /// <summary>Leaves what it holds; it cannot be restored any more.</summary>
    public void Dispose()
    {
        Leave();
        GC.SuppressFinalize(this);
    }

    private unsafe ReadOnlySpan<byte> PageOf(int number) =>
        number == 0 ? ZeroPage : new ReadOnlySpan<byte>(_store[number], PageStore.PageBytes);

    private void Leave()
    {
        if (_tree is { } tree)
        {
            _tree = null;
            _store.LeaveLater(tree);
        }
    }
}
