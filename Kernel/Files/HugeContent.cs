using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>A file of hugetlb: its pages are huge pages of the pool, in memory while they exist; no list holds them, and nothing swaps them.</summary>
/// <remarks>Pages that it was promised are its own even when others empty the pool. Source: [Linux mm/hugetlb.c; fs/hugetlbfs/inode.c, hugetlb_file_setup].</remarks>
internal sealed class HugeContent : IHugeBacking, ISegmentMemory, IStateful
{
    private readonly MemorySystem _mem;
    private readonly SharedMap<ulong, PageFrame> _pages = new();
    private readonly AddressSpace? _owner;
    private int _promised;
    private int _users;
    private bool _hasName;

    private HugeContent(MemorySystem mem, string name, ulong sizeBytes, AddressSpace? owner)
    {
        (_mem, Name, SizeBytes, _owner, _hasName) = (mem, name, sizeBytes, owner, true);
        Mapping = mem.Rmap.NewFileMapping(this);
    }

    /// <inheritdoc/>
    public FileMapping Mapping { get; }

    /// <inheritdoc/>
    public BackingKind Kind => BackingKind.Shmem;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public ulong SizeBytes { get; }

    /// <summary>A file of <paramref name="sizeBytes"/>, a multiple of 2 MiB.</summary>
    /// <param name="mem">Memory management.</param>
    /// <param name="name">Its name.</param>
    /// <param name="sizeBytes">Its length.</param>
    /// <param name="owner">Whose private copies the promise is for; null when it is for the file's own pages.</param>
    /// <param name="promise">True to have all its pages promised by the pool.</param>
    /// <returns>The file; ENOMEM when the pool has too few pages to promise.</returns>
    public static Result<HugeContent> Create(MemorySystem mem, string name, ulong sizeBytes, AddressSpace? owner, bool promise)
    {
        ulong pages = sizeBytes / HugePage.Bytes;
        if (promise && (pages > int.MaxValue || !mem.Huge.Pool.TryReserve((int)pages)))
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.NoHugePages);
        }

        return new HugeContent(mem, name, sizeBytes, owner) { _promised = promise ? (int)pages : 0 };
    }

    /// <inheritdoc/>
    public PageFrame? BringHuge(ulong pageIndex)
    {
        ulong index = pageIndex >> HugePage.Order;
        if (_pages.Find(index) is { } found || index >= SizeBytes / HugePage.Bytes)
        {
            return _pages.Find(index);
        }

        if (Take(_owner is null) is not { } head)
        {
            return null;
        }

        for (ulong i = 0; i < HugePage.Frames; i++)
        {
            _mem.Ram.ZeroPage(head.Pfn + i);
        }

        head.Mapping = MappingWord.OfFile(Mapping.Id);
        head.Index = index << HugePage.Order;
        _pages.Set(index, head);
        return head;
    }

    /// <inheritdoc/>
    public PageFrame? TakePrivate(AddressSpace space) => Take(space == _owner);

    /// <inheritdoc/>
    /// <remarks>There is no page of 4 KiB to be had.</remarks>
    public Result<PageFrame> GetPage(ulong pageIndex) => Errno.EFAULT;

    /// <inheritdoc/>
    public PageFrame? FindPage(ulong pageIndex) => _pages.Find(pageIndex >> HugePage.Order);

    /// <inheritdoc/>
    /// <remarks>Pages of hugetlb are never purged, so there are none to offer (V-163).</remarks>
    public void CollectPages(ulong first, ulong last, List<PageFrame> pages)
    {
    }

    /// <inheritdoc/>
    public bool TryEvict(PageFrame frame) => false;

    /// <inheritdoc/>
    public void MappingOpened() => _users++;

    /// <inheritdoc/>
    public void MappingClosed()
    {
        _users--;
        LeaveIfLast();
    }

    /// <inheritdoc/>
    public void Unlinked()
    {
        _hasName = false;
        LeaveIfLast();
    }

    /// <summary>True when its last user left: nothing of it is there any more.</summary>
    public bool IsGone => _users == 0 && !_hasName;

    private PageFrame? Take(bool mayUsePromise)
    {
        bool promised = mayUsePromise && _promised > 0;
        PageFrame? head = _mem.Huge.Pool.TryTake(promised);
        _promised -= promised && head is not null ? 1 : 0;
        return head;
    }

    private void LeaveIfLast()
    {
        if (_users > 0 || _hasName)
        {
            return;
        }

        _mem.Huge.Pool.Unreserve(_promised);
        _promised = 0;
        List<ulong> indices = [.. _pages.Keys];
        indices.Sort();
        foreach (ulong index in indices)
        {
            PageFrame head = _pages.Find(index)!;
            _ = _pages.Remove(index);
            _mem.Source.Release(head);
        }

        _mem.Rmap.Forget(Mapping);
    }

    object IStateful.Save(object? last) => SavedItems.Same((_promised, _users, _hasName), last);

    void IStateful.Restore(object state) => (_promised, _users, _hasName) = ((int, int, bool))state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(_pages);
        visitor.See(Mapping);
    }
}
