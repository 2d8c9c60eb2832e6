using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>A file that lives in RAM only: tmpfs, memfd, shared anonymous memory, and host files that the guest has written to.</summary>
/// <remarks>Its pages are frames of guest RAM, so mappings and read and write see the same bytes. Source: [Linux mm/shmem.c].</remarks>
internal sealed class MemContent : IPagedContent, IStateful
{
    /// <summary>The largest file, 1 TiB.</summary>
    public const ulong MaxBytes = 1UL << 40;

    private const PageFlags FlagsOfNew = PageFlags.SwapBacked | PageFlags.Unevictable | PageFlags.Dirty;

    private readonly MemorySystem _mem;
    private readonly PageCache _pages;
    private readonly LowerFile? _below;
    private int _users;
    private bool _hasName;

    /// <summary>An empty file, or one that begins as a copy of <paramref name="below"/>, page by page as it is touched.</summary>
    public MemContent(MemorySystem mem, string name, IFileContent? below = null)
    {
        (_mem, Name, _below, _hasName) = (mem, name, below is null ? null : new LowerFile(below), true);
        _pages = new PageCache(mem, mem.Rmap.NewFileMapping(this));
        SizeBytes = below?.SizeBytes ?? 0;
    }

    /// <inheritdoc cref="IFileContent.SizeBytes"/>
    public ulong SizeBytes { get; private set; }

    /// <inheritdoc/>
    public bool Seekable => true;

    /// <inheritdoc/>
    public PollEvents Ready => PollEvents.In | PollEvents.Out;

    /// <inheritdoc/>
    public IBacking Backing => this;

    /// <inheritdoc/>
    public FileMapping Mapping => _pages.Mapping;

    /// <inheritdoc/>
    public BackingKind Kind => BackingKind.Shmem;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Result<int> Read(ulong offset, Span<byte> destination)
    {
        if (offset >= SizeBytes)
        {
            return 0;
        }

        int wanted = (int)Math.Min((ulong)destination.Length, SizeBytes - offset);
        for (int done = 0; done < wanted;)
        {
            (ulong index, int at) = ((offset + (ulong)done) >> 12, (int)(offset + (ulong)done) & 0xFFF);
            Span<byte> part = destination.Slice(done, Math.Min(wanted - done, 4096 - at));
            if (_pages.Find(index) is { } frame)
            {
                _pages.BytesOf(frame).Slice(at, part.Length).CopyTo(part);
            }
            else
            {
                ReadBelow(index, at, part);
            }

            done += part.Length;
        }

        return wanted;
    }

    /// <inheritdoc/>
    public Result<int> Write(ulong offset, ReadOnlySpan<byte> source)
    {
        if (offset >= MaxBytes || (ulong)source.Length > MaxBytes - offset)
        {
            return Errno.EFBIG;
        }

        int done = 0;
        while (done < source.Length)
        {
            (ulong index, int at) = ((offset + (ulong)done) >> 12, (int)(offset + (ulong)done) & 0xFFF);
            if (Bring(index) is not { } frame)
            {
                break;
            }

            int count = Math.Min(source.Length - done, 4096 - at);
            _pages.Write(frame, at, source.Slice(done, count));
            done += count;
        }

        SizeBytes = done > 0 ? Math.Max(SizeBytes, offset + (ulong)done) : SizeBytes;
        return done == 0 && source.Length > 0 ? Errno.ENOSPC : done;
    }

    /// <inheritdoc/>
    public Refusal Resize(ulong sizeBytes)
    {
        if (sizeBytes > MaxBytes)
        {
            return Errno.EFBIG;
        }

        bool cut = sizeBytes < SizeBytes;
        SizeBytes = sizeBytes;
        if (cut)
        {
            Cut(sizeBytes);
        }

        return Refusal.None;
    }

    /// <summary>Makes bytes a hole: zero where they share a page with others, and no page at all where they are all of it.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="lengthBytes">Bytes, of which those past the end of the file count too; the file stays as long as it is.</param>
    /// <returns><see cref="Refusal.None"/>; ENOMEM when a page at an edge had to be brought in and memory is out.</returns>
    /// <remarks>Shared mappings see the hole at once; private ones keep what they copied. Source: [Linux mm/shmem.c, shmem_fallocate, shmem_undo_range].</remarks>
    public Refusal Punch(ulong offset, ulong lengthBytes)
    {
        ulong end = offset >= MaxBytes || lengthBytes > MaxBytes - offset ? MaxBytes : offset + lengthBytes;
        if (offset >= end)
        {
            return Refusal.None;
        }

        (ulong first, ulong last) = ((offset + 0xFFF) >> 12, end >> 12);
        if (first < last)
        {
            FileUnmap.Pages(_mem, Mapping, first, last, PrivateCopies.Keep);
            Drop(first, last);
            _below?.Hide(first, last);
        }

        return ClearEdges(offset, end) ? Refusal.None : new Refusal(Errno.ENOMEM, ErrnoCause.NoFrame);
    }

    /// <inheritdoc/>
    public Result<PageFrame> GetPage(ulong pageIndex)
    {
        if (pageIndex >= (SizeBytes + 0xFFF) >> 12)
        {
            return Errno.EFAULT;
        }

        if (Bring(pageIndex) is not { } frame)
        {
            return Errno.ENOMEM;
        }

        frame.RefCount++;
        return frame;
    }

    /// <inheritdoc/>
    public PageFrame? FindPage(ulong pageIndex) => _pages.Find(pageIndex);

    /// <inheritdoc/>
    public bool TryEvict(PageFrame frame) => false;

    /// <inheritdoc/>
    public void MappingOpened() => _users++;

    /// <inheritdoc/>
    public void MappingClosed() => Leave();

    /// <inheritdoc/>
    public void Opened() => _users++;

    /// <inheritdoc/>
    public void Closed() => Leave();

    /// <summary>The last name went away: the pages go with the last user.</summary>
    public void Unlinked()
    {
        _users++;
        _hasName = false;
        Leave();
    }

    private void Leave()
    {
        _users--;
        if (_users == 0 && !_hasName)
        {
            _pages.DropUnmapped();
            _mem.Rmap.Forget(Mapping);
        }
    }

    /// <inheritdoc/>
    public PageFrame? AddPage(ulong pageIndex) => _pages.Add(pageIndex, FlagsOfNew, FrameContent.Any);

    /// <inheritdoc/>
    public void FillPage(PageFrame page)
    {
        ReadBelow(page.Index, 0, _pages.BytesOfNew(page));
        page.Set(PageFlags.UpToDate);
    }

    /// <inheritdoc/>
    public void PageWritten(PageFrame page, ulong endBytes)
    {
        page.Set(PageFlags.Dirty | PageFlags.UpToDate);
        SizeBytes = Math.Max(SizeBytes, endBytes);
    }

    /// <summary>The page, made if need be; null when memory is out.</summary>
    private PageFrame? Bring(ulong index)
    {
        PageFrame? frame = _pages.Find(index) ?? _pages.Add(index, FlagsOfNew);
        if (frame is not null && !frame.Has(PageFlags.UpToDate))
        {
            FillPage(frame);
        }

        return frame;
    }

    private void ReadBelow(ulong index, int at, Span<byte> destination)
    {
        destination.Clear();
        _below?.Read(index, at, destination);
    }

    /// <summary>The file ends at <paramref name="sizeBytes"/>: pages beyond go, copies of private mappings too, and the rest of the last page is zero.</summary>
    /// <remarks>Source: [Linux mm/truncate.c, truncate_setsize].</remarks>
    private void Cut(ulong sizeBytes)
    {
        ulong first = (sizeBytes + 0xFFF) >> 12;
        FileUnmap.Pages(_mem, Mapping, first, ulong.MaxValue, PrivateCopies.Drop);
        _below?.Cut(sizeBytes);
        if (_pages.Find(sizeBytes >> 12) is { } last && sizeBytes >> 12 < first)
        {
            _pages.Clear(last, (int)(sizeBytes & 0xFFF), 4096);
        }

        Drop(first, ulong.MaxValue);
    }

    /// <summary>Zeroes what a hole from <paramref name="offset"/> to <paramref name="end"/> has of pages that are not all its own.</summary>
    private bool ClearEdges(ulong offset, ulong end)
    {
        int from = (int)(offset & 0xFFF);
        bool samePage = offset >> 12 == end >> 12;
        int to = samePage ? (int)(end & 0xFFF) : 4096;
        bool cleared = (from == 0 && to == 4096) || Clear(offset >> 12, from, to);
        return (samePage || Clear(end >> 12, 0, (int)(end & 0xFFF))) && cleared;
    }

    private void Drop(ulong first, ulong end)
    {
        foreach (ulong index in _pages.Indices(first, end))
        {
            _pages.Drop(_pages.Find(index)!);
        }
    }

    /// <summary>Makes the bytes <paramref name="from"/> to <paramref name="to"/> of a page zero, if the file has the page.</summary>
    /// <returns>True; false when the page had to be brought in and memory is out.</returns>
    private bool Clear(ulong index, int from, int to)
    {
        bool has = _pages.Find(index) is not null || _below?.Has(index) == true;
        if (from >= to || !has)
        {
            return true;
        }

        if (Bring(index) is not { } frame)
        {
            return false;
        }

        _pages.Clear(frame, from, to);
        return true;
    }

    object IStateful.Save(object? last) => SavedItems.Same((SizeBytes, _users, _hasName), last);

    void IStateful.Restore(object state) => (SizeBytes, _users, _hasName) = ((ulong, int, bool))state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(_pages);
        visitor.See(_below);
    }
}
