using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>The pages of a file of memory: each in RAM, or in swap, or nowhere: a hole.</summary>
/// <remarks>A page is never in RAM and in swap at once: what comes back gives its slot up. Source: [Linux mm/shmem.c, shmem_writeout, shmem_swapin_folio, shmem_inode_acct_blocks].</remarks>
/// <param name="mem">Memory.</param>
/// <param name="mapping">The mappings of the file.</param>
/// <param name="blocks">What the pages count for besides; null for nothing.</param>
/// <param name="below">What shows through the holes; null for zeros.</param>
internal sealed class MemPages(MemorySystem mem, FileMapping mapping, BlockCount? blocks, LowerFile? below) : IWholeOfParts
{
    private readonly PageCache _cache = new(mem, mapping);
    private readonly SharedMap<ulong, SwappedPage> _swapped = new();

    /// <summary>Where the mappings of the file are listed.</summary>
    public FileMapping Mapping => _cache.Mapping;

    /// <summary>Pages that the file has in RAM and in swap.</summary>
    public ulong OwnCount => (ulong)_cache.Count + (ulong)_swapped.Count;

    /// <summary>Pages that the file has, those below that show among them.</summary>
    public ulong Count
    {
        get
        {
            ulong count = OwnCount;
            for (ulong? index = below?.FirstFrom(0); index is { } shown; index = below!.FirstFrom(shown + 1))
            {
                count += IsOwn(shown) ? 0UL : 1;
            }

            return count;
        }
    }

    /// <summary>The slots, raw, of the pages in swap, by page number.</summary>
    public IReadOnlyList<ulong> Slots
    {
        get
        {
            List<ulong> slots = [];
            foreach (ulong index in PageNumbers.Sorted(_swapped.Keys, 0, ulong.MaxValue))
            {
                slots.Add(_swapped.Find(index)!.Entry.Raw);
            }

            return slots;
        }
    }

    /// <summary>What the file counts for; null for nothing.</summary>
    public BlockCount? Blocks => blocks;

    /// <summary>The page if it is in RAM, without a reference.</summary>
    public PageFrame? Find(ulong index) => _cache.Find(index);

    /// <summary>Appends the pages in RAM from number <paramref name="first"/> to <paramref name="last"/>, lowest first.</summary>
    public void Collect(ulong first, ulong last, List<PageFrame> pages) => _cache.Collect(first, last, pages);

    /// <summary>Forgets a page in RAM: a hole from now on.</summary>
    public void DropPage(PageFrame frame)
    {
        _cache.Drop(frame);
        blocks?.Release();
    }

    /// <summary>The slot of a page in swap; null for none.</summary>
    public ulong? SlotOf(ulong index) => _swapped.Find(index)?.Entry.Raw;

    /// <summary>True when the file has the page: in RAM, in swap, or below.</summary>
    public bool Has(ulong index) => IsOwn(index) || below?.Has(index) == true;

    /// <summary>True when the page has content: one that was only set aside is a hole to who looks for data.</summary>
    public bool HasData(ulong index) =>
        _cache.Find(index) is { } frame ? frame.Has(PageFlags.UpToDate) : _swapped.Find(index) is not null || below?.Has(index) == true;

    /// <summary>The first page from <paramref name="index"/> on that has content; null for none.</summary>
    public ulong? FirstData(ulong index)
    {
        ulong first = below?.FirstFrom(index) ?? ulong.MaxValue;
        foreach (ulong other in _cache.Keys)
        {
            first = other >= index && other < first && HasData(other) ? other : first;
        }

        foreach (ulong other in _swapped.Keys)
        {
            first = other >= index && other < first ? other : first;
        }

        return first == ulong.MaxValue ? null : first;
    }

    /// <summary>Reads from byte <paramref name="at"/> of a page on; a hole is zeros, and stays one.</summary>
    /// <returns>None; ENOMEM when the page is in swap and memory is out.</returns>
    public Errno Read(ulong index, int at, Span<byte> destination)
    {
        if (!IsOwn(index))
        {
            ReadBelow(index, at, destination);
            return Errno.None;
        }

        bool read = Bring(index).Ok(out PageFrame? frame, out Errno errno);
        if (read)
        {
            _cache.BytesOf(frame!).Slice(at, destination.Length).CopyTo(destination);
        }

        return errno;
    }

    /// <summary>The page, in RAM, made or brought back from swap if need be.</summary>
    /// <returns>The frame, without a reference; ENOSPC when the file system may have no more, or no more may be promised; ENOMEM when memory is out.</returns>
    public Result<PageFrame> Bring(ulong index)
    {
        if (_cache.Find(index) is { } found)
        {
            if (!found.Has(PageFlags.UpToDate))
            {
                ReadBelow(index, 0, _cache.BytesOfNew(found));
            }

            return found;
        }

        if (_swapped.Find(index) is { } swapped)
        {
            return BringBack(index, swapped.Entry) is { } back ? back : new Refusal(Errno.ENOMEM, ErrnoCause.NoFrame);
        }

        Result<PageFrame> made = Make(index, PageFlags.SwapBacked | PageFlags.UpToDate);
        if (below is not null && made.Ok(out PageFrame? frame, out _))
        {
            below.Read(index, 0, _cache.BytesOfNew(frame));
        }

        return made;
    }

    /// <summary>The page as it is in RAM or comes back from swap, else a new one that is not up to date: it holds what its frame held before.</summary>
    /// <returns>The frame, without a reference; ENOSPC and ENOMEM as <see cref="Bring"/>.</returns>
    public Result<PageFrame> Add(ulong index)
    {
        if (_cache.Find(index) is { } found)
        {
            return found;
        }

        if (_swapped.Find(index) is not { } swapped)
        {
            return Make(index, PageFlags.SwapBacked | PageFlags.Dirty, FrameContent.Any);
        }

        return BringBack(index, swapped.Entry) is { } back ? back : new Refusal(Errno.ENOMEM, ErrnoCause.NoFrame);
    }

    /// <summary>Fills a page with what lies below, zeros where there is nothing; it is up to date then.</summary>
    public void Fill(PageFrame page)
    {
        ReadBelow(page.Index, 0, _cache.BytesOfNew(page));
        page.Set(PageFlags.UpToDate);
    }

    /// <summary>A page where there was none, of zeros unless said otherwise.</summary>
    public Result<PageFrame> Make(ulong index, PageFlags flags, FrameContent content = FrameContent.Zero)
    {
        // What was not promised as a whole is promised page by page.
        Refusal promise = Mapping.Owner.ReservedBytes > 0 ? Refusal.None : Commit.Check(mem, mem.SpaceAtWork, 1);
        if (promise != Refusal.None)
        {
            return promise with { Errno = Errno.ENOSPC };
        }

        if (blocks?.TryTake() == false)
        {
            return new Refusal(Errno.ENOSPC, ErrnoCause.FileSystemFull);
        }

        PageFrame? frame = _cache.Add(index, flags, content);
        if (frame is null)
        {
            blocks?.Release();
            return new Refusal(Errno.ENOMEM, ErrnoCause.NoFrame);
        }

        return frame;
    }

    /// <summary>Puts a page that no table maps into swap, or drops it when it is as it was before anybody wrote; false when swap is full.</summary>
    public bool TryEvict(PageFrame frame)
    {
        ulong index = frame.Index;
        if (!frame.Has(PageFlags.Dirty))
        {
            DropPage(frame);
            return true;
        }

        if (!mem.Swap.TryTakeForOne(out SwapEntry entry))
        {
            return false;
        }

        SwapTransfer.Out(mem, frame, entry);
        frame.Set(PageFlags.UpToDate);
        _swapped.Set(index, new SwappedPage(entry));
        _cache.Drop(frame);
        return true;
    }

    /// <summary>Writes into a page from byte <paramref name="at"/> on.</summary>
    public void Write(PageFrame frame, int at, ReadOnlySpan<byte> source)
    {
        _cache.Write(frame, at, source);
        frame.Set(PageFlags.UpToDate);
    }

    /// <summary>Zeroes the bytes <paramref name="from"/> to <paramref name="to"/> of a page.</summary>
    public void Clear(PageFrame frame, int from, int to) => _cache.Clear(frame, from, to);

    /// <summary>Reads a page without bringing it into RAM, for who only looks.</summary>
    public void Peek(ulong index, Span<byte> page)
    {
        if (_cache.Find(index) is { } frame)
        {
            _cache.BytesOf(frame).CopyTo(page);
        }
        else if (_swapped.Find(index) is { } swapped)
        {
            mem.Swap.Read(swapped.Entry, page);
        }
        else
        {
            ReadBelow(index, 0, page);
        }
    }

    /// <summary>Nothing from byte <paramref name="sizeBytes"/> on shows from below any more.</summary>
    public void CutBelow(ulong sizeBytes) => below?.Cut(sizeBytes);

    /// <summary>Forgets the pages <paramref name="first"/> to <paramref name="end"/>, which is not one of them, and their slots: holes from now on.</summary>
    public void Drop(ulong first, ulong end)
    {
        below?.Hide(first, end);
        foreach (ulong index in PageNumbers.Sorted(_cache.Keys, first, end - 1))
        {
            DropPage(_cache.Find(index)!);
        }

        foreach (ulong index in PageNumbers.Sorted(_swapped.Keys, first, end - 1))
        {
            mem.Swap.DropUser(_swapped.Find(index)!.Entry);
            _ = _swapped.Remove(index);
            blocks?.Release();
        }
    }

    private bool IsOwn(ulong index) => _cache.Find(index) is not null || _swapped.Find(index) is not null;

    private void ReadBelow(ulong index, int at, Span<byte> destination)
    {
        destination.Clear();
        below?.Read(index, at, destination);
    }

    private PageFrame? BringBack(ulong index, SwapEntry entry)
    {
        PageFrame? frame = _cache.Add(index, PageFlags.SwapBacked | PageFlags.UpToDate | PageFlags.Dirty, FrameContent.Any);
        if (frame is not null)
        {
            SwapTransfer.In(mem, entry, frame);
            mem.Swap.DropUser(entry);
            _ = _swapped.Remove(index);
        }

        return frame;
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(_cache);
        visitor.See(_swapped);
        visitor.See(blocks);
        visitor.See(below);
    }

    /// <summary>A page in swap.</summary>
    private sealed record SwappedPage(SwapEntry Entry);
}
