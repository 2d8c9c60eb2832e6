using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>A regular file of the host, read only.</summary>
/// <remarks>The host's file is open only while the guest has it open, runs it, or asks for a page of it.</remarks>
internal sealed class HostContent : IFileContent, IBacking, IStateful
{
    private readonly IHostDisk _disk;
    private readonly HostFile _file;
    private readonly OpenedHostFiles _opened;
    private readonly PageCache _pages;
    private IHostFile? _handle;
    private int _users;

    /// <summary>The file <paramref name="file"/> on <paramref name="disk"/>, which tells <paramref name="opened"/> when it is opened.</summary>
    public HostContent(MemorySystem mem, IHostDisk disk, OpenedHostFiles opened, HostFile file, ulong sizeBytes)
    {
        (_disk, _opened, _file, SizeBytes) = (disk, opened, file, sizeBytes);
        _pages = new PageCache(mem, mem.Rmap.NewFileMapping(this));
    }

    /// <inheritdoc cref="IFileContent.SizeBytes"/>
    public ulong SizeBytes { get; }

    /// <inheritdoc/>
    public bool Seekable => true;

    /// <inheritdoc/>
    public PollEvents Ready => PollEvents.In | PollEvents.Out;

    /// <inheritdoc/>
    public IBacking Backing => this;

    /// <inheritdoc/>
    public FileMapping Mapping => _pages.Mapping;

    /// <inheritdoc/>
    public BackingKind Kind => BackingKind.HostFile;

    /// <inheritdoc/>
    public string Name => Label?.Shown ?? _file.Path;

    /// <inheritdoc/>
    public uint Device => Label?.Device ?? 0;

    /// <inheritdoc/>
    public ulong Number => Label?.Number ?? 0;

    /// <summary>What it is called and numbered; null for its path alone.</summary>
    public FileLabel? Label { get; init; }

    /// <inheritdoc/>
    public Result<int> Read(ulong offset, Span<byte> destination)
    {
        if (offset >= SizeBytes || destination.IsEmpty)
        {
            return 0;
        }

        int wanted = (int)Math.Min((ulong)destination.Length, SizeBytes - offset);
        int done = 0;
        Errno errno = _handle is null ? OpenHandle() : Errno.None;
        errno = errno == Errno.None ? _handle!.Read(offset, destination[..wanted], out done) : errno;
        return errno switch
        {
            Errno.None => done,
            Errno.EACCES => Errno.EACCES,
            _ => Errno.EIO,
        };
    }

    /// <inheritdoc/>
    public Result<int> Write(ulong offset, ReadOnlySpan<byte> source) => Errno.EROFS;

    /// <inheritdoc/>
    public Refusal Resize(ulong sizeBytes) => Errno.EROFS;

    /// <inheritdoc/>
    public Result<PageFrame> GetPage(ulong pageIndex)
    {
        if (pageIndex >= (SizeBytes + 0xFFF) >> 12)
        {
            return Errno.EFAULT;
        }

        PageFrame? frame = _pages.Find(pageIndex);
        if (frame is null)
        {
            frame = _pages.Add(pageIndex, PageFlags.UpToDate, FrameContent.Zero);
            if (frame is null)
            {
                return Errno.ENOMEM;
            }

            if (!Read(pageIndex << 12, _pages.BytesOfNew(frame)).Ok(out _, out Errno errno))
            {
                _pages.Drop(frame);
                return errno;
            }

            _pages.NoteRead();
        }

        frame.RefCount++;
        return frame;
    }

    /// <inheritdoc/>
    public PageFrame? FindPage(ulong pageIndex) => _pages.Find(pageIndex);

    /// <inheritdoc/>
    public void CollectPages(ulong first, ulong last, List<PageFrame> pages) => _pages.Collect(first, last, pages);

    /// <inheritdoc/>
    public bool TryEvict(PageFrame frame)
    {
        _pages.Drop(frame);
        return true;
    }

    /// <inheritdoc/>
    public void MappingOpened() => _users++;

    /// <inheritdoc/>
    public void MappingClosed() => Leave();

    /// <inheritdoc/>
    public void Opened()
    {
        _users++;
        _opened.Add(_file);
    }

    /// <inheritdoc/>
    public void Closed()
    {
        Mapping.Volatile?.OpeningEnded();
        Leave();
    }

    private Errno OpenHandle()
    {
        Errno errno = _disk.Open(_file.HostPath, out _handle);
        if (errno == Errno.None)
        {
            _opened.Add(_file);
        }

        return errno;
    }

    private void Leave()
    {
        _users--;
        if (_users == 0)
        {
            Mapping.EndVolatility();
            _handle?.Dispose();
            _handle = null;
        }
    }

    object IStateful.Save(object? last) => _users;

    // The host's file is opened when it is read; it stays open only while somebody has it.
    void IStateful.Restore(object state)
    {
        _users = (int)state;
        if (_users == 0)
        {
            _handle?.Dispose();
            _handle = null;
        }
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(_pages);
        visitor.See(Label);
    }
}
