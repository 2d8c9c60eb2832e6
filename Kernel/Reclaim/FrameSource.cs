using System.Diagnostics;
using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Reclaim;

/// <summary>The allocator with reclaim behind it: every frame of the kernel comes from here and goes back here.</summary>
/// <remarks>
/// Balancing, which Linux leaves to the kswapd thread, runs inside the allocation that falls below the low watermark, so
/// that it happens at the same place in every run. Source: [Linux mm/page_alloc.c, get_page_from_freelist, __alloc_pages_slowpath].
/// </remarks>
internal sealed class FrameSource : IFrameSource, IStateful
{
    private const int MaxDirectTries = 16;
    private const int MaxFutileBalances = 16;
    private const ulong FrameBytes = 4096;

    /// <summary>A pass that frees nothing may still have made used pages old, so that the next one can take them.</summary>
    private const int MaxFutileTries = 3;

    private MemorySystem _mem = null!;
    private bool _reclaiming;
    private int _futileBalances;

    /// <inheritdoc/>
    public PageFrame? TryTake(FrameContent content)
    {
        PageFrame? frame = _reclaiming ? _mem.Buddy.TryTake(0) : TakeWithReclaim();
        if (frame is null)
        {
            return null;
        }

        _mem.Counters.Add(MmCounter.PgAlloc);
        Tell(KernelEvent.FrameTaken, frame);
        if (content == FrameContent.Zero)
        {
            Zero(frame);
            _mem.Counters.Add(MmCounter.PgZeroed);
            _mem.Cost?.PageZeroed(frame.Pfn);
        }

        return frame;
    }

    /// <inheritdoc/>
    /// <remarks>It leaves the low watermark untouched, for small pages serve as well. Source: [Linux mm/huge_memory.c, vma_thp_gfp_mask].</remarks>
    public PageFrame? TryTakeBlock(int order, FrameContent content)
    {
        ulong frames = 1UL << order;
        if (_mem.Buddy.FreeCount < _mem.Watermarks.Low + frames || _mem.Buddy.TryTake(order) is not { } head)
        {
            return null;
        }

        _mem.Counters.Add(MmCounter.PgAlloc, frames);
        Tell(KernelEvent.FrameTaken, head, frames);
        for (ulong i = 0; content == FrameContent.Zero && i < frames; i++)
        {
            _mem.Ram.ZeroPage(head.Pfn + i);
            _mem.Counters.Add(MmCounter.PgZeroed);
            _mem.Cost?.PageZeroed(head.Pfn + i);
        }

        return head;
    }

    /// <inheritdoc/>
    public void Release(PageFrame frame)
    {
        Debug.Assert(frame.RefCount > 0, "the frame is free already");
        frame.RefCount--;
        if (frame.RefCount == 0)
        {
            Free(frame);
        }
    }

    /// <inheritdoc/>
    public ulong ReclaimNow(ulong frames)
    {
        ulong freed = 0;
        while (freed < frames)
        {
            ulong got = Guarded(Math.Min(Reclaimer.ClusterSize, frames - freed), ReclaimReason.Direct);
            freed += got;
            if (got == 0)
            {
                break;
            }
        }

        return freed;
    }

    private void Zero(PageFrame frame)
    {
        if (_mem.Windows is { } windows)
        {
            windows.Zero(frame);
            return;
        }

        _mem.Ram.ZeroPage(frame.Pfn);
    }

    internal void Attach(MemorySystem mem) => _mem = mem;

    private void Tell(TraceEventKind kind, PageFrame frame, ulong count = 1)
    {
        if (_mem.Report.For(kind) is { } events)
        {
            Emit(events, kind, frame, count);
        }
    }

    /// <summary>Apart, so that nobody clears room for an event that nobody takes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Emit(ITraceSink events, TraceEventKind kind, PageFrame frame, ulong count) =>
        events.Take(new TraceEvent(kind) { Frame = frame.Pfn, Count = count });

    private int MostFutile => _mem.Profile.Copy is { Allocator: AllocatorKind.AndreaArcangeli } copy ? copy.Passes : MaxFutileTries;

    private PageFrame? TakeWithReclaim()
    {
        if (_mem.Buddy.FreeCount <= _mem.Watermarks.Low)
        {
            Balance();
        }

        int futile = 0;
        for (int tries = 0; _mem.Buddy.FreeCount <= _mem.Watermarks.Min; tries++)
        {
            if (tries == Math.Max(MaxDirectTries, MostFutile) || futile == MostFutile)
            {
                _mem.Report.For(KernelEvent.OutOfMemory)?.Take(new TraceEvent(KernelEvent.OutOfMemory));
                _mem.Report.Refuse(FrameBytes);
                return null;
            }

            _mem.Counters.Add(MmCounter.AllocStall);
            futile = Guarded(Reclaimer.ClusterSize, ReclaimReason.Direct) == 0 ? futile + 1 : 0;
        }

        return _mem.Buddy.TryTake(0);
    }

    /// <summary>Reclaims up to the high watermark; gives up for good after many runs that freed nothing, until memory is freed.</summary>
    private void Balance()
    {
        if (_futileBalances >= MaxFutileBalances)
        {
            return;
        }

        _mem.Counters.Add(MmCounter.PageOutRun);
        ulong wanted = _mem.Watermarks.High - Math.Min(_mem.Watermarks.High, _mem.Buddy.FreeCount);
        _futileBalances = Guarded(wanted, ReclaimReason.Balance) == 0 ? _futileBalances + 1 : 0;
    }

    private ulong Guarded(ulong wanted, ReclaimReason reason)
    {
        if (_reclaiming)
        {
            return 0;
        }

        _reclaiming = true;
        ulong freed = Reclaimer.Run(_mem, wanted, reason);
        _reclaiming = false;
        return freed;
    }

    private void Free(PageFrame frame)
    {
        Debug.Assert(frame.MapCount == 0 && !frame.Has(PageFlags.SwapCache), "a mapped or cached page must have references");
        _mem.Lru.Remove(frame);
        if (frame.Mapping.IsLazyFree)
        {
            _mem.Lru.UncountLazyFree(frame);
        }

        if (frame.Order != 0 && frame.Has(PageFlags.HugeTlb))
        {
            _mem.Huge.Pool.GiveBack(frame);
            return;
        }

        frame.Empty();
        _mem.Counters.Add(MmCounter.PgFree, 1UL << frame.Order);
        Tell(KernelEvent.FrameFreed, frame, 1UL << frame.Order);
        _futileBalances = 0;
        _mem.Buddy.Free(frame);
    }

    object IStateful.Save(object? last) => (_reclaiming, _futileBalances);

    void IStateful.Restore(object state) => (_reclaiming, _futileBalances) = ((bool, int))state;
}
