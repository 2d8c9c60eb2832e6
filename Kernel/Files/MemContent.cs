using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>A file that lives in RAM only: tmpfs, memfd, shared anonymous memory, and host files that the guest has written to.</summary>
/// <remarks>Its pages are frames of guest RAM, so mappings and read and write see the same bytes. Source: [Linux mm/shmem.c].</remarks>
internal sealed class MemContent : IPagedContent, IStateful
{
    /// <summary>The largest file, 1 TiB.</summary>
    public const ulong MaxBytes = 1UL << 40;

    private readonly MemorySystem _mem;
    private readonly PageCache _pages;
    private readonly IFileContent? _below;
    private ulong _belowBytes;
    private int _users;
    private bool _hasName;

    /// <summary>An empty file, or one that begins as a copy of <paramref name="below"/>, page by page as it is touched.</summary>
    public MemContent(MemorySystem mem, string name, IFileContent? below = null)
    {
        (_mem, Name, _below, _hasName) = (mem, name, below, true);
        _pages = new PageCache(mem, mem.Rmap.NewFileMapping(this));
        SizeBytes = _belowBytes = below?.SizeBytes ?? 0;
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
            source.Slice(done, count).CopyTo(_pages.BytesToWrite(frame)[at..]);
            frame.Set(PageFlags.Dirty);
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

        if (sizeBytes < SizeBytes)
        {
            _belowBytes = Math.Min(_belowBytes, sizeBytes);
            Cut(sizeBytes);
        }

        SizeBytes = sizeBytes;
        return Refusal.None;
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
    public PageFrame? AddPage(ulong pageIndex) => _pages.Add(pageIndex, PageFlags.SwapBacked | PageFlags.Unevictable | PageFlags.Dirty, FrameContent.Any);

    /// <inheritdoc/>
    public void FillPage(PageFrame page)
    {
        ReadBelow(page.Index, 0, _pages.BytesToWrite(page));
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
        if (_pages.Find(index) is { } found)
        {
            if (!found.Has(PageFlags.UpToDate))
            {
                FillPage(found);
            }

            return found;
        }

        PageFrame? frame = _pages.Add(index, PageFlags.SwapBacked | PageFlags.Unevictable | PageFlags.Dirty);
        if (frame is not null)
        {
            ReadBelow(index, 0, _pages.BytesToWrite(frame));
        }

        return frame;
    }

    private void ReadBelow(ulong index, int at, Span<byte> destination)
    {
        destination.Clear();
        ulong start = (index << 12) + (ulong)at;
        if (_below is not null && start < _belowBytes)
        {
            int count = (int)Math.Min((ulong)destination.Length, _belowBytes - start);
            _ = _below.Read(start, destination[..count]);
        }
    }

    private void Cut(ulong sizeBytes)
    {
        List<RmapSite> sites = [];
        foreach (ulong index in _pages.IndicesFrom(sizeBytes >> 12))
        {
            PageFrame frame = _pages.Find(index)!;
            if (index << 12 < sizeBytes)
            {
                _pages.BytesToWrite(frame)[(int)(sizeBytes & 0xFFF)..].Clear();
                continue;
            }

            sites.Clear();
            _mem.Rmap.Collect(frame, RmapWanted.Present, sites);
            foreach (RmapSite site in sites)
            {
                Pte old = RmapUnmap.ClearAndFlush(_mem, site);
                if (SoftPteFormat.HasFrame(old))
                {
                    RmapUnmap.Forget(_mem, site, frame);
                }
            }

            _pages.Drop(frame);
        }
    }

    object IStateful.Save(object? last) => SavedItems.Same((SizeBytes, _belowBytes, _users, _hasName), last);

    void IStateful.Restore(object state) => (SizeBytes, _belowBytes, _users, _hasName) = ((ulong, ulong, int, bool))state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(_pages);
        visitor.SeeAny(_below);
    }
}
