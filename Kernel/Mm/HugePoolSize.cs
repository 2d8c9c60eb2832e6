using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Reclaim;

namespace MmuEmu.Kernel.Mm;

/// <summary>Makes the pool of hugetlb larger or smaller.</summary>
/// <remarks>Source: [Linux mm/hugetlb.c, set_max_huge_pages].</remarks>
internal static class HugePoolSize
{
    /// <summary>Brings the pool to <paramref name="pages"/> pages, or as near as free runs and pages in use allow; pages of others are moved out of a run's way.</summary>
    public static void Set(MemorySystem mem, int pages)
    {
        HugePool pool = mem.Huge.Pool;
        while (pool.Total < pages && TryTakeRun(mem) is { } head)
        {
            head.RefCount = 0;
            pool.Add(head);
        }

        while (pool.Total > pages && pool.Remove() is { } surplus)
        {
            surplus.RefCount = 1;
            mem.Source.Release(surplus);
        }
    }

    private static PageFrame? TryTakeRun(MemorySystem mem) =>
        mem.Source.TryTakeBlock(HugePage.Order, FrameContent.Any)
        ?? (Defragment.TryMakeRun(mem) ? mem.Source.TryTakeBlock(HugePage.Order, FrameContent.Any) : null);
}
