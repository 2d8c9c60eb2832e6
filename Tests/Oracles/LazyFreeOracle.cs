namespace MmuEmu.Tests.Oracles;

/// <summary>What pages may hold once MADV_FREE leaves it open: per page a set of contents, and whether it may still vanish.</summary>
/// <remarks>
/// It knows nothing of entries, frames or reclaim. A write ends the doubt about the future, not about the past; reading
/// rescues what is read, as in the proposal of March 2014.
/// </remarks>
public sealed class LazyFreeOracle
{
    private readonly List<byte[]>[] _possible;
    private readonly bool[] _mayVanish;

    public LazyFreeOracle(int pages)
    {
        _possible = [.. Enumerable.Range(0, pages).Select(_ => new List<byte[]> { new byte[4096] })];
        _mayVanish = new bool[pages];
    }

    /// <summary>Pages whose next reading may be either of two things.</summary>
    public int OpenCount => _mayVanish.Count(open => open);

    /// <summary>The program stores <paramref name="value"/>: whatever was there gets the byte, and stays from now on.</summary>
    public void Write(int page, int offset, byte value)
    {
        Settle(page);
        foreach (byte[] content in _possible[page])
        {
            content[offset] = value;
        }
    }

    /// <summary>madvise(MADV_FREE): the page may turn into zeros at any time.</summary>
    public void Free(int page) => _mayVanish[page] = true;

    /// <summary>madvise(MADV_DONTNEED): zeros at once.</summary>
    public void Drop(int page)
    {
        _possible[page] = [new byte[4096]];
        _mayVanish[page] = false;
    }

    /// <summary>True when the page may read as <paramref name="seen"/>; the doubt is over then, for the past and the future.</summary>
    public bool Accepts(int page, byte[] seen)
    {
        Settle(page);
        if (!_possible[page].Exists(content => content.AsSpan().SequenceEqual(seen)))
        {
            return false;
        }

        _possible[page] = [(byte[])seen.Clone()];
        return true;
    }

    /// <summary>The access decides whether the page had vanished; both are possible until somebody looks.</summary>
    private void Settle(int page)
    {
        if (_mayVanish[page])
        {
            _possible[page].Add(new byte[4096]);
            _mayVanish[page] = false;
        }
    }
}
