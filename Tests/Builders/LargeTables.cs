using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Tests.Builders;

/// <summary>Page tables of one root, made by the kernel's editor, with an MMU over them and a record of flushes; frames of pages are never touched.</summary>
internal sealed class LargeTables : IFrameSource, IGatherSink, ITlbShootdown, IDisposable
{
    public const PteBits UserPage = PteBits.P | PteBits.RW | PteBits.US;

    private readonly FrameTable _frames;
    private readonly BuddyAllocator _buddy;

    public LargeTables(PagingLevel level = PagingLevel.Pml4, ulong ramBytes = 8UL << 20)
    {
        Ram = new PhysicalMemory(ramBytes);
        _frames = new FrameTable(Ram.FrameCount);
        _buddy = new BuddyAllocator(_frames, 1);
        Editor = new PageTableEditor(Ram, _frames, this, new MmReport());
        Root = new TableRoot(Editor.TryNewRoot()!.Pfn, level);
        Space = new SpaceTag(1, Root.Table, 1);
        PagingBits bits = PagingBits.Wp | PagingBits.Pge | PagingBits.Pcide | PagingBits.Nxe | PagingBits.Page1G;
        Mmu = new Mmu(Ram, new MmuOptions { TlbMode = TlbMode.MaxStale })
        {
            Mode = new PagingMode(Root.Table, 1, level == PagingLevel.Pml5 ? bits | PagingBits.La57 : bits, 46, 0),
        };
    }

    public PhysicalMemory Ram { get; }

    public PageTableEditor Editor { get; }

    public TableRoot Root { get; }

    public SpaceTag Space { get; }

    public Mmu Mmu { get; }

    public List<FlushRequest> Flushes { get; } = [];

    /// <summary>Frames in use: tables, for nothing else is taken here.</summary>
    public ulong TableCount => _buddy.ManagedCount - _buddy.FreeCount;

    /// <summary>Tables that may still be made; null for as many as RAM holds.</summary>
    public int? Budget { get; set; }

    public TlbGather Gather() => new(Space, this, this);

    public TableCursor Over(ulong start, ulong end) => Editor.Over(Root, new VirtRange(new VirtAddr(start), new VirtAddr(end)));

    /// <summary>Makes the place for a page and writes a leaf, or any other entry, into it.</summary>
    public Descent Put(ulong address, PageSize size, Pte entry)
    {
        using TlbGather gather = Gather();
        TableCursor cursor = Over(0, 0);
        Descent met = Editor.Make(ref cursor, new VirtAddr(address), size);
        if (met == Descent.Found)
        {
            Editor.Write(cursor.Current, entry, gather);
        }

        return met;
    }

    /// <summary>A leaf of that size over a frame that is aligned to it.</summary>
    public static Pte Leaf(ulong number, PageSize size, PteBits bits = UserPage) =>
        Pte.Of(new Pfn(number << (size.Shift() - 12)), size == PageSize.Size4K ? bits : bits | PteBits.PS);

    /// <summary>Frees the empty tables of the range.</summary>
    public ulong Free(ulong start, ulong end)
    {
        using TlbGather gather = Gather();
        VirtRange range = new(new VirtAddr(start), new VirtAddr(end));
        return Editor.FreeTables(Root, range, range, gather);
    }

    public PageFrame? TryTake(FrameContent content)
    {
        if (Budget is 0 || _buddy.TryTake(0) is not { } frame)
        {
            return null;
        }

        Budget--;
        frame.RefCount = 1;
        Ram.ZeroPage(frame.Pfn);
        return frame;
    }

    public void TableFreed(PageFrame frame)
    {
        frame.Clear(PageFlags.Table);
        Release(frame);
    }

    void ITlbShootdown.Invalidate(in FlushRequest request)
    {
        Flushes.Add(request);
        if (request.Scope == FlushScope.Space)
        {
            Mmu.Invalidate(TlbInvalidation.PcidKeepGlobal(request.Space.Pcid));
            return;
        }

        for (VirtAddr page = request.Range.Start; page.Raw < request.Range.End.Raw; page += request.Stride.Bytes())
        {
            Mmu.Invalidate(TlbInvalidation.PageKeepGlobal(page, request.Space.Pcid));
        }
    }

    public void Dispose() => Ram.Dispose();

    public void Release(PageFrame frame)
    {
        frame.RefCount--;
        _buddy.Free(frame);
    }

    ulong IFrameSource.ReclaimNow(ulong frames) => 0;

    void IGatherSink.Unmapped(PageFrame frame) => throw new NotSupportedException();

    void IGatherSink.LazyFreed(PageFrame frame) => throw new NotSupportedException();

    void IGatherSink.Flushed(in FlushRequest request, ulong pageCount)
    {
    }
}
