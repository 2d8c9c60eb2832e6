using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;

namespace MmuEmu.Kernel.Tables;

/// <summary>Collects the pages of one address space whose entries changed, and tells the TLBs before any frame is let go.</summary>
/// <remarks>
/// Every method that writes an entry asks for one. A full batch flushes early (F-045); <see cref="Dispose"/> flushes the rest.
/// Source: [Linux include/asm-generic/tlb.h, mmu_gather].
/// </remarks>
internal sealed class TlbGather : IDisposable
{
    /// <summary>Pages in a batch when nobody says otherwise.</summary>
    public const int DefaultBatch = 506;

    /// <summary>More pages than this and the whole space is flushed. Source: [Linux arch/x86/mm/tlb.c, tlb_single_page_flush_ceiling].</summary>
    public const ulong SinglePageCeiling = 33;

    private readonly GatherPool? _home;
    private readonly bool _flushes = true;
    private ITlbShootdown _tlbs = null!;
    private IGatherSink _sink = null!;
    private bool _isIdle;
    private List<(PageFrame Frame, Release Release)>? _kept;
    private ulong _lowest = ulong.MaxValue;
    private ulong _end;
    private PageSize _stride = PageSize.Size1G;
    private FlushScope _scope;

    /// <summary>An empty gather.</summary>
    /// <param name="space">Whose entries will change.</param>
    /// <param name="tlbs">All processors' TLBs.</param>
    /// <param name="sink">Who takes the frames.</param>
    public TlbGather(SpaceTag space, ITlbShootdown tlbs, IGatherSink sink) => Begin(space, tlbs, sink, DefaultBatch);

    /// <summary>A gather that goes back to <paramref name="home"/>; nothing can be gathered before <see cref="Begin"/>.</summary>
    /// <param name="home">Where it is used again.</param>
    /// <param name="flushes">False for a kernel that forgets every flush.</param>
    internal TlbGather(GatherPool home, bool flushes) => (_home, _flushes) = (home, flushes);

    private enum Release : byte
    {
        Unmapped,
        LazyFreed,
        Table,
    }

    /// <summary>Whose entries are gathered.</summary>
    public SpaceTag Space { get; private set; }

    /// <summary>Frames that make a batch full, at least 1.</summary>
    public int BatchSize { get; set; }

    /// <summary>Marks the page of <paramref name="address"/> as stale.</summary>
    public void Add(VirtAddr address)
    {
        ulong start = address.PageBase.Raw;
        _lowest = Math.Min(_lowest, start);
        _end = Math.Max(_end, start + 4096);
        _stride = PageSize.Size4K;
    }

    /// <summary>Marks the page of <paramref name="size"/> that holds <paramref name="address"/> as stale.</summary>
    public void Add(VirtAddr address, PageSize size)
    {
        ulong start = address.Raw & ~(size.Bytes() - 1);
        _lowest = Math.Min(_lowest, start);
        _end = Math.Max(_end, start + size.Bytes());
        _stride = size < _stride ? size : _stride;
    }

    /// <summary>Lets an unmapped page's reference go after the flush.</summary>
    public void Unmapped(PageFrame frame) => Keep(frame, Release.Unmapped);

    /// <summary>Marks a page lazy free after the flush; the gather holds a reference until then (F-055).</summary>
    public void LazyFreed(PageFrame frame)
    {
        frame.RefCount++;
        Keep(frame, Release.LazyFreed);
    }

    /// <summary>Frees a paging structure after the flush; paging-structure caches are flushed too (T-076).</summary>
    public void TableFreed(PageFrame frame)
    {
        _scope = FlushScope.Space;
        Keep(frame, Release.Table);
    }

    /// <summary>A table is unhooked and used for something else: paging-structure caches are flushed too (T-076).</summary>
    public void TableUnhooked() => _scope = FlushScope.Space;

    /// <summary>Flushes and lets go what was gathered so far.</summary>
    public void Flush()
    {
        if (_lowest < _end || _scope == FlushScope.Space)
        {
            FlushTlbs();
        }

        (_lowest, _end, _scope, _stride) = (ulong.MaxValue, 0, FlushScope.Pages, PageSize.Size1G);
        if (_kept is null)
        {
            return;
        }

        for (int i = 0; i < _kept.Count; i++)
        {
            LetGo(_kept[i].Frame, _kept[i].Release);
        }

        _kept.Clear();
    }

    /// <summary>Flushes, if anything was gathered; the gather is not used any more.</summary>
    public void Dispose()
    {
        Flush();
        if (_home is not null && !_isIdle)
        {
            _isIdle = true;
            _home.Return(this);
        }
    }

    /// <summary>Makes an empty gather one of <paramref name="space"/>.</summary>
    internal void Begin(in SpaceTag space, ITlbShootdown tlbs, IGatherSink sink, int batchSize)
    {
        (Space, BatchSize, _isIdle) = (space, batchSize, false);
        if (_tlbs != tlbs || _sink != sink)
        {
            (_tlbs, _sink) = (tlbs, sink);
        }
    }

    private void FlushTlbs()
    {
        VirtRange range = _lowest < _end ? new(new VirtAddr(_lowest), new VirtAddr(_end)) : default;
        ulong pages = range.LengthBytes >> _stride.Shift();
        FlushScope scope = pages > SinglePageCeiling ? FlushScope.Space : _scope;
        FlushRequest request = new(Space, range, scope, range.IsEmpty ? PageSize.Size4K : _stride);
        if (_flushes)
        {
            _tlbs.Invalidate(request);
        }

        _sink.Flushed(request, scope == FlushScope.Pages ? pages : 0);
    }

    private void Keep(PageFrame frame, Release release)
    {
        _kept ??= [];
        _kept.Add((frame, release));
        if (_kept.Count >= BatchSize)
        {
            Flush();
        }
    }

    private void LetGo(PageFrame frame, Release release)
    {
        switch (release)
        {
            case Release.Unmapped:
                _sink.Unmapped(frame);
                break;
            case Release.LazyFreed:
                _sink.LazyFreed(frame);
                break;
            case Release.Table:
                _sink.TableFreed(frame);
                break;
        }
    }
}
