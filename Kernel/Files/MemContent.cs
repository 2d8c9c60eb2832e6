using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>A file that lives in RAM and swap only: tmpfs, memfd, shared anonymous memory, and host files that the guest has written to.</summary>
/// <remarks>Its pages are frames of guest RAM, so mappings and read and write see the same bytes. Source: [Linux mm/shmem.c].</remarks>
internal sealed class MemContent : IPagedContent, ISegmentMemory, IStateful
{
    /// <summary>The largest file, as on Linux.</summary>
    public const ulong MaxBytes = long.MaxValue;

    private readonly MemorySystem _mem;
    private readonly FileLabel _label;
    private readonly MemPages _pages;
    private int _users;

    /// <summary>An empty file that counts for <paramref name="blocks"/>, or one that begins as a copy of <paramref name="below"/>, page by page as it is touched.</summary>
    public MemContent(MemorySystem mem, FileLabel label, BlockCount? blocks = null, IFileContent? below = null)
    {
        (_mem, _label, CanPunch) = (mem, label, below is null);
        _pages = new MemPages(mem, mem.Rmap.NewFileMapping(this), blocks, below is null ? null : new LowerFile(below));
        SizeBytes = below?.SizeBytes ?? 0;
    }

    /// <summary>Likewise, of a path alone.</summary>
    public MemContent(MemorySystem mem, string path, IFileContent? below = null)
        : this(mem, new FileLabel(path, 0, 0), null, below)
    {
    }

    /// <inheritdoc cref="IFileContent.SizeBytes"/>
    public ulong SizeBytes { get; private set; }

    /// <summary>False for memory that never has a name: its pages go with its last mapping.</summary>
    public bool IsNamed { get; set; } = true;

    /// <inheritdoc/>
    public ulong HeldBytes => _pages.Count << 12;

    /// <summary>What may not be done to it any more.</summary>
    public FileSeals Seals { get; set; } = FileSeals.Seal;

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
    public string Name => _label.Shown;

    /// <inheritdoc/>
    public uint Device => _label.Device;

    /// <inheritdoc/>
    public ulong Number => _label.Number;

    /// <inheritdoc/>
    public IReadOnlyList<ulong> Slots => _pages.Slots;

    /// <inheritdoc/>
    public ulong ReservedBytes { get; init; }

    /// <inheritdoc/>
    public ulong PromisedPages => ReservedBytes > 0 ? ReservedBytes >> 12 : _pages.OwnCount;

    /// <inheritdoc/>
    public Result<int> Read(ulong offset, Span<byte> destination) => MemRead.UpTo(_pages, SizeBytes, offset, destination);

    /// <inheritdoc/>
    public Result<int> Write(ulong offset, ReadOnlySpan<byte> source)
    {
        if (offset >= MaxBytes && source.Length > 0)
        {
            return Errno.EFBIG;
        }

        source = source[..(int)Math.Min((ulong)source.Length, MaxBytes - Math.Min(offset, MaxBytes))];
        Refusal refusal = Refusal.None;
        int done = 0;
        while (done < source.Length)
        {
            (ulong index, int at) = ((offset + (ulong)done) >> 12, (int)(offset + (ulong)done) & 0xFFF);
            int count = Math.Min(source.Length - done, 4096 - at);
            refusal = Seals.Write(SizeBytes, offset + (ulong)(done + count));
            if (refusal != Refusal.None || !_pages.Bring(index).Has(out PageFrame? frame, out refusal))
            {
                break;
            }

            _pages.Write(frame, at, source.Slice(done, count));
            done += count;
        }

        SizeBytes = done > 0 ? Math.Max(SizeBytes, offset + (ulong)done) : SizeBytes;
        return done == 0 && source.Length > 0 ? refusal : done;
    }

    /// <inheritdoc/>
    public Refusal Resize(ulong sizeBytes)
    {
        if (sizeBytes > MaxBytes)
        {
            return Errno.EFBIG;
        }

        Refusal refusal = Seals.Resize(SizeBytes, sizeBytes);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        // The same size gives back what was set aside behind the end. Source: [Linux mm/shmem.c, shmem_setattr].
        bool cut = sizeBytes <= SizeBytes;
        SizeBytes = sizeBytes;
        if (cut)
        {
            MemCut.End(_mem, _pages, sizeBytes);
            Mapping.Volatile?.Truncated(sizeBytes);
        }

        return Refusal.None;
    }

    /// <summary>Makes bytes a hole: zero where they share a page with others, and no page at all where they are all of it.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="lengthBytes">Bytes, of which those past the end of the file count too; the file stays as long as it is.</param>
    /// <returns><see cref="Refusal.None"/>; EPERM when writing is sealed; ENOMEM when a page at an edge had to be brought in and memory is out.</returns>
    /// <remarks>Shared mappings see the hole at once; private ones keep what they copied. Source: [Linux mm/shmem.c, shmem_fallocate, shmem_undo_range].</remarks>
    public Refusal Punch(ulong offset, ulong lengthBytes)
    {
        if ((Seals & FileSeals.NoWrite) != 0)
        {
            return new Refusal(Errno.EPERM, ErrnoCause.FileSealed);
        }

        ulong end = offset >= MaxBytes || lengthBytes > MaxBytes - offset ? MaxBytes : offset + lengthBytes;
        bool cut = offset >= end || MemCut.Hole(_mem, _pages, offset, end);
        return cut ? Refusal.None : new Refusal(Errno.ENOMEM, ErrnoCause.NoFrame);
    }

    /// <inheritdoc/>
    public Refusal Allocate(ulong offset, ulong lengthBytes, bool keepSize)
    {
        ulong end = offset + lengthBytes;
        Refusal refusal = Seals.Resize(SizeBytes, Math.Max(end, SizeBytes));
        if (refusal == Refusal.None)
        {
            refusal = MemReserve.SetAside(_pages, offset >> 12, (end + 0xFFF) >> 12);
        }

        SizeBytes = refusal == Refusal.None && !keepSize ? Math.Max(SizeBytes, end) : SizeBytes;
        return refusal;
    }

    /// <inheritdoc/>
    public ulong? FindData(ulong offset) => MemHoles.FirstData(_pages, offset, SizeBytes);

    /// <inheritdoc/>
    public ulong FindHole(ulong offset) => MemHoles.FirstHole(_pages, offset, SizeBytes);

    /// <inheritdoc/>
    public Result<PageFrame> GetPage(ulong pageIndex)
    {
        if (pageIndex >= (SizeBytes + 0xFFF) >> 12)
        {
            return Errno.EFAULT;
        }

        if (!_pages.Bring(pageIndex).Has(out PageFrame? frame, out Refusal refusal))
        {
            return refusal;
        }

        frame.Set(PageFlags.UpToDate);
        frame.RefCount++;
        return frame;
    }

    /// <inheritdoc/>
    public PageFrame? FindPage(ulong pageIndex) => _pages.Find(pageIndex) is { } frame && frame.Has(PageFlags.UpToDate) ? frame : null;

    /// <inheritdoc/>
    public void CollectPages(ulong first, ulong last, List<PageFrame> pages) => _pages.Collect(first, last, pages);

    /// <inheritdoc/>
    /// <remarks>What lies over a file of the host is no memory of its own: a hole would let that show through.</remarks>
    public bool CanPunch { get; }

    /// <inheritdoc/>
    public void MakeHole(PageFrame frame) => _pages.DropPage(frame);

    /// <inheritdoc/>
    public ulong? SlotOf(ulong pageIndex) => _pages.SlotOf(pageIndex);

    /// <inheritdoc/>
    public bool TryPeek(ulong pageIndex, Span<byte> page)
    {
        bool has = pageIndex < (SizeBytes + 0xFFF) >> 12;
        if (has)
        {
            _pages.Peek(pageIndex, page);
        }

        return has;
    }

    /// <inheritdoc/>
    public bool TryEvict(PageFrame frame) => _pages.TryEvict(frame);

    /// <inheritdoc/>
    public void MappingOpened() => _users++;

    /// <inheritdoc/>
    public void MappingClosed() => Leave();

    /// <inheritdoc/>
    public void Opened() => _users++;

    /// <inheritdoc/>
    public void Closed()
    {
        Mapping.Volatile?.OpeningEnded();
        Leave();
    }

    /// <summary>The last name went away: the pages go with the last user.</summary>
    public void Unlinked()
    {
        _users++;
        IsNamed = false;
        Leave();
    }

    /// <summary>Memory without a name that nobody came to use goes away.</summary>
    public void ForgetUnused()
    {
        if (_users == 0 && !IsNamed)
        {
            _mem.Rmap.Forget(Mapping);
        }
    }

    private void Leave()
    {
        if (--_users > 0)
        {
            return;
        }

        Mapping.EndVolatility();
        if (!IsNamed)
        {
            _pages.Drop(0, ulong.MaxValue);
            _mem.Rmap.Forget(Mapping);
        }
    }

    /// <inheritdoc/>
    public Result<PageFrame> AddPage(ulong pageIndex) => _pages.Add(pageIndex);

    /// <inheritdoc/>
    public void FillPage(PageFrame page) => _pages.Fill(page);

    /// <inheritdoc/>
    public void PageWritten(PageFrame page, ulong endBytes)
    {
        page.Set(PageFlags.Dirty | PageFlags.UpToDate);
        SizeBytes = Math.Max(SizeBytes, endBytes);
    }

    object IStateful.Save(object? last) => SavedItems.Same((SizeBytes, Seals, _users, IsNamed), last);

    void IStateful.Restore(object state) => (SizeBytes, Seals, _users, IsNamed) = ((ulong, FileSeals, int, bool))state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(_pages);
        visitor.See(_label);
    }
}
