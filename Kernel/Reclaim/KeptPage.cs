using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Reclaim;

/// <summary>Tells why reclaim left a page where it was, and other things of a page, with the mapping that they concern.</summary>
internal static class KeptPage
{
    /// <summary>Number of such an event: the page is lazy-free.</summary>
    public const ulong IsLazy = 1;

    /// <summary>Number of such an event: the page was lazy-free until now.</summary>
    public const ulong WasLazy = 2;

    /// <summary>Tells an event of a page by its first mapping; <paramref name="used"/> is the number of entries that had A.</summary>
    public static void Tell(MemorySystem mem, TraceEventKind kind, PageFrame frame, int used = 0)
    {
        if (mem.Report.For(kind) is { } events)
        {
            Emit(mem, events, kind, frame, used);
        }
    }

    /// <summary>Tells why one mapping keeps a lazy-free page.</summary>
    /// <param name="mem">Memory.</param>
    /// <param name="kind">Why, one of the Kept… of <see cref="KernelEvent"/>.</param>
    /// <param name="frame">The page.</param>
    /// <param name="site">The mapping, with its entry as it was met.</param>
    /// <param name="state"><see cref="IsLazy"/> or <see cref="WasLazy"/>.</param>
    public static void TellOf(MemorySystem mem, TraceEventKind kind, PageFrame frame, in RmapSite site, ulong state)
    {
        if (mem.Report.For(kind) is { } events)
        {
            Emit(events, kind, frame, site, state);
        }
    }

    /// <summary>Apart, so that nobody clears room for an event that nobody takes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Emit(MemorySystem mem, ITraceSink events, TraceEventKind kind, PageFrame frame, int used)
    {
        List<RmapSite> sites = [];
        mem.Rmap.Collect(frame, RmapWanted.Present, sites);
        events.Take(new TraceEvent(kind)
        {
            Frame = frame.Pfn,
            Space = sites.Count == 0 ? 0 : sites[0].Space.Tag.Id,
            Address = sites.Count == 0 ? default : sites[0].Address,
            Count = (ulong)used,
            Number = kind == KernelEvent.KeptDirty ? WasLazy : frame.Mapping.IsLazyFree ? IsLazy : 0,
        });
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Emit(ITraceSink events, TraceEventKind kind, PageFrame frame, in RmapSite site, ulong state) =>
        events.Take(new TraceEvent(kind)
        {
            Frame = frame.Pfn,
            Space = site.Space.Tag.Id,
            Address = site.Address,
            Slot = site.Slot,
            Old = site.Entry,
            Count = site.Entry.Has(PteBits.A) ? 1UL : 0,
            Number = state,
        });
}
