using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Frames;

/// <summary>Hands out blocks of 2^order frames and joins freed buddies again.</summary>
/// <remarks>
/// Lowest addresses go first while the RAM is fresh; a freed block is the next to go. It reclaims nothing: that is the
/// frame source's part. Source: [Linux mm/page_alloc.c, __rmqueue_smallest, __free_one_page].
/// </remarks>
internal sealed class BuddyAllocator : IStateful
{
    /// <summary>The largest order: 1024 frames, 4 MiB.</summary>
    public const int MaxOrder = 10;

    // Above the numbers of the LRU lists.
    private const int FirstListNumber = 16;
    private readonly FrameTable _frames;
    private readonly FrameList[] _free = new FrameList[MaxOrder + 1];

    /// <summary>All of RAM free but the first <paramref name="reserved"/> frames, which are never handed out.</summary>
    public BuddyAllocator(FrameTable frames, ulong reserved)
    {
        _frames = frames;
        for (int order = 0; order <= MaxOrder; order++)
        {
            _free[order] = new FrameList((byte)(FirstListNumber + order));
        }

        ulong pfn = reserved;
        while (pfn < frames.FrameCount)
        {
            int order = MaxOrder;
            while ((pfn & ((1UL << order) - 1)) != 0 || pfn + (1UL << order) > frames.FrameCount)
            {
                order--;
            }

            _free[order].AddTail(AsFree(frames[new Pfn(pfn)], order));
            pfn += 1UL << order;
        }

        ManagedCount = FreeCount;
    }

    /// <summary>Free frames.</summary>
    public ulong FreeCount { get; private set; }

    /// <summary>Frames that can ever be handed out.</summary>
    public ulong ManagedCount { get; }

    /// <summary>Free blocks of <paramref name="order"/>, as /proc/buddyinfo shows them.</summary>
    public int FreeBlocks(int order) => _free[order].Count;

    /// <summary>Takes a block of 2^<paramref name="order"/> frames; null when none is left. Its first frame has one reference.</summary>
    public PageFrame? TryTake(int order)
    {
        for (int found = order; found <= MaxOrder; found++)
        {
            if (_free[found].Head is { } head)
            {
                Delist(head, found);
                SplitDown(head, found, order);
                head.Order = order;
                head.RefCount = 1;
                return head;
            }
        }

        return null;
    }

    /// <summary>Takes a block back; nobody refers to it.</summary>
    public void Free(PageFrame head)
    {
        Pfn pfn = head.Pfn;
        int order = head.Order;
        while (order < MaxOrder && _frames.Peek(BuddyOf(pfn, order)) is { } buddy && buddy.Has(PageFlags.Free) && buddy.Order == order)
        {
            Delist(buddy, order);
            pfn = new Pfn(pfn.Raw & ~(1UL << order));
            order++;
        }

        _free[order].AddHead(AsFree(_frames[pfn], order));
    }

    /// <summary>True when the frame lies in a block on a free list.</summary>
    public bool IsFree(Pfn pfn) => FreeBlockOf(pfn) is not null;

    /// <summary>The first frame of the free block that the frame lies in; null when it is not free.</summary>
    public PageFrame? FreeBlockOf(Pfn pfn)
    {
        for (int order = 0; order <= MaxOrder; order++)
        {
            Pfn head = new(pfn.Raw & ~((1UL << order) - 1));
            if (_frames.Peek(head) is { } block && block.Has(PageFlags.Free) && block.Order >= order)
            {
                return block;
            }
        }

        return null;
    }

    private static Pfn BuddyOf(Pfn pfn, int order) => new(pfn.Raw ^ (1UL << order));

    private void SplitDown(PageFrame head, int from, int to)
    {
        for (int order = from - 1; order >= to; order--)
        {
            _free[order].AddHead(AsFree(_frames[head.Pfn + (1UL << order)], order));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private PageFrame AsFree(PageFrame head, int order)
    {
        head.Order = order;
        head.Flags = PageFlags.Free;
        FreeCount += 1UL << order;
        return head;
    }

    private void Delist(PageFrame head, int order)
    {
        _free[order].Remove(head);
        head.Flags = PageFlags.None;
        FreeCount -= 1UL << order;
    }

    object IStateful.Save(object? last) => FreeCount;

    void IStateful.Restore(object state) => FreeCount = (ulong)state;

    void IStateful.SeeParts(StateVisitor visitor) => visitor.SeeAll(_free);
}
