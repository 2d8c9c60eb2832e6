using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;

namespace MmuEmu.Kernel.Views;

/// <summary>Looks at memory as a whole.</summary>
internal static class MemoryLook
{
    /// <summary>The counts.</summary>
    public static MemoryView Of(MemorySystem mem)
    {
        int[] blocks = new int[BuddyAllocator.MaxOrder + 1];
        for (int order = 0; order < blocks.Length; order++)
        {
            blocks[order] = mem.Buddy.FreeBlocks(order);
        }

        int[] lists = new int[(int)LruKind.Unevictable + 1];
        for (int kind = 0; kind < lists.Length; kind++)
        {
            lists[kind] = mem.Lru[(LruKind)kind].Count;
        }

        return new MemoryView
        {
            TotalFrames = mem.Frames.FrameCount,
            ManagedFrames = mem.Buddy.ManagedCount,
            FreeFrames = mem.Buddy.FreeCount,
            FreeBlocks = blocks,
            MinWatermark = mem.Watermarks.Min,
            LowWatermark = mem.Watermarks.Low,
            HighWatermark = mem.Watermarks.High,
            ListLengths = lists,
            LazyFreePages = mem.Lru.LazyFreeCount,
            SwapSlots = mem.Swap.TotalSlots,
            SwapUsed = mem.Swap.TotalSlots - mem.Swap.FreeSlots,
            SwapCached = mem.Swap.CachedCount,
            PagesRead = mem.PagesRead,
        };
    }

    /// <summary>The frames on one of the lists, the next victim first.</summary>
    public static IReadOnlyList<Pfn> FramesOn(MemorySystem mem, LruKind list, int most)
    {
        List<Pfn> frames = [];
        for (PageFrame? frame = mem.Lru[list].Tail; frame is not null && frames.Count < most; frame = FrameList.Before(frame))
        {
            frames.Add(frame.Pfn);
        }

        return frames;
    }
}
