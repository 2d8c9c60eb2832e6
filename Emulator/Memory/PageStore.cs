using System.Collections.Concurrent;

namespace MmuEmu.Emulator.Memory;

/// <summary>The buffers that hold the pages of images, 4 KiB each, by number; each counts who holds it.</summary>
/// <remarks>
/// Number 0 is the page of zeros, for which there is no buffer and no count. A buffer that nobody holds any more is used again: to the
/// host a fresh one costs more than what is copied into it.
/// </remarks>
internal sealed unsafe class PageStore : IDisposable
{
    /// <summary>Bytes of a buffer.</summary>
    internal const int PageBytes = 4096;

    private const int ArenaShift = 9;
    private const int ArenaPages = 1 << ArenaShift;

    private readonly List<nuint> _arenas = [];
    private readonly ConcurrentQueue<PageTree> _left = [];
    private int[] _holders = new int[ArenaPages + 1];
    private int[] _free = new int[ArenaPages];
    private int _freeCount;

    /// <summary>Buffers in use.</summary>
    internal int Count => (_arenas.Count * ArenaPages) - _freeCount;

    /// <summary>The buffer with that number, which is not 0.</summary>
    internal byte* this[int number] => (byte*)_arenas[(number - 1) >> ArenaShift] + ((nuint)((number - 1) & (ArenaPages - 1)) * PageBytes);

    /// <summary>A copy of the page at <paramref name="from"/>, held once.</summary>
    /// <exception cref="InvalidOperationException">The host refuses the memory.</exception>
    internal int Copy(byte* from)
    {
        if (_freeCount == 0)
        {
            Grow();
        }

        int number = _free[--_freeCount];
        _holders[number] = 1;
        Buffer.MemoryCopy(from, this[number], PageBytes, PageBytes);
        return number;
    }

    /// <summary>One holder more.</summary>
    internal void Hold(int number) => _holders[number] += number == 0 ? 0 : 1;

    /// <summary>One holder less.</summary>
    internal void Leave(int number)
    {
        if (number != 0 && --_holders[number] == 0)
        {
            _free[_freeCount++] = number;
        }
    }

    /// <summary>An image that held <paramref name="tree"/> is gone; may be called by the collector while the machine runs.</summary>
    internal void LeaveLater(PageTree tree) => _left.Enqueue(tree);

    /// <summary>Takes the buffers back that images gone since the last time held alone.</summary>
    internal void Settle()
    {
        while (_left.TryDequeue(out PageTree? tree))
        {
            tree.Leave(this);
        }
    }

    /// <summary>Gives all memory back; every image is void then.</summary>
    public void Dispose()
    {
        foreach (nuint arena in _arenas)
        {
            HostPages.Release((byte*)arena, ArenaPages * PageBytes);
        }

        _arenas.Clear();
        _freeCount = 0;
    }

    private void Grow()
    {
        byte* arena = HostPages.TryTake(ArenaPages * PageBytes);
        if (arena is null)
        {
            throw new InvalidOperationException("The host refuses memory for images of guest RAM.");
        }

        int before = _arenas.Count * ArenaPages;
        _arenas.Add((nuint)arena);
        if (_holders.Length <= before + ArenaPages)
        {
            Array.Resize(ref _holders, (_holders.Length * 2) + ArenaPages);
            Array.Resize(ref _free, _holders.Length);
        }

        for (int i = ArenaPages; i > 0; i--)
        {
            _free[_freeCount++] = before + i;
        }
    }
}
