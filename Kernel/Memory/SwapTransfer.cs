using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Swap;

namespace MmuEmu.Kernel.Memory;

/// <summary>Moves the bytes of pages to swap and back, and tells of it.</summary>
/// <remarks>Source: [Linux mm/page_io.c].</remarks>
internal static class SwapTransfer
{
    /// <summary>Writes a page to its slot; its content is then no newer than the copy.</summary>
    public static void Out(MemorySystem mem, PageFrame frame, SwapEntry entry)
    {
        mem.Swap.Write(entry, mem.Ram.Page(frame.Pfn));
        frame.Clear(PageFlags.Dirty | PageFlags.Reclaim);
        mem.Counters.Add(MmCounter.PswpOut);
        mem.Cost?.Charge(KernelPath.SwapOut, 1);
        mem.Report.For(KernelEvent.SwappedOut)?.Take(new TraceEvent(KernelEvent.SwappedOut) { Frame = frame.Pfn, Count = entry.Offset });
    }

    /// <summary>Reads a slot into a frame.</summary>
    /// <param name="mem">Memory.</param>
    /// <param name="entry">The slot.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="space">For which address space; 0 for a file's own sake.</param>
    /// <param name="address">For which page of it.</param>
    public static void In(MemorySystem mem, SwapEntry entry, PageFrame frame, int space = 0, VirtAddr address = default)
    {
        mem.Swap.Read(entry, mem.Ram.PageToWrite(frame.Pfn));
        mem.PagesRead++;
        mem.Counters.Add(MmCounter.PswpIn);
        mem.Cost?.Charge(KernelPath.SwapIn, 1);
        mem.Report.For(KernelEvent.SwappedIn)?.Take(new TraceEvent(KernelEvent.SwappedIn)
        {
            Space = space,
            Address = address,
            Frame = frame.Pfn,
            Count = entry.Offset,
        });
    }
}
