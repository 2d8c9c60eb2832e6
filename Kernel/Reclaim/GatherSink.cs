using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Kernel.Reclaim;

/// <summary>Takes what gathers let go after their flush.</summary>
/// <remarks>Source: [Linux mm/swap_state.c, free_pages_and_swap_cache].</remarks>
internal sealed class GatherSink : IGatherSink
{
    private MemorySystem _mem = null!;

    /// <inheritdoc/>
    public void Unmapped(PageFrame frame)
    {
        if (frame.Has(PageFlags.SwapCache) && frame.MapCount == 0 && frame.TryLock())
        {
            _ = SwapCacheRules.TryFreeSlot(_mem, frame);
            frame.Unlock();
        }

        _mem.Source.Release(frame);
    }

    /// <inheritdoc/>
    public void LazyFreed(PageFrame frame)
    {
        LazyFree.Mark(_mem, frame);
        _mem.Source.Release(frame);
    }

    /// <inheritdoc/>
    public void TableFreed(PageFrame frame)
    {
        frame.Clear(PageFlags.Table);
        _mem.Source.Release(frame);
    }

    /// <inheritdoc/>
    public void Flushed(in FlushRequest request, ulong pageCount)
    {
        if (pageCount == 0)
        {
            _mem.Counters.Add(MmCounter.TlbFlushAll);
            _mem.Cost?.Charge(HardwarePath.FlushAll, 1);
        }
        else
        {
            _mem.Counters.Add(MmCounter.TlbFlushOne, pageCount);
            _mem.Cost?.Charge(HardwarePath.Invlpg, pageCount);
        }

        _mem.Report.For(KernelEvent.Flush)?.Take(new TraceEvent(KernelEvent.Flush) { Space = request.Space.Id, Address = request.Range.Start, Count = pageCount });
    }

    internal void Attach(MemorySystem mem) => _mem = mem;
}
