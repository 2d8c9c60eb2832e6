using System.Runtime.CompilerServices;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Frames;

/// <summary>The five lists that reclaim walks.</summary>
public enum LruKind
{
    /// <summary>Swap-backed pages not lately used; victims come from its tail.</summary>
    InactiveAnon,

    /// <summary>Swap-backed pages in use.</summary>
    ActiveAnon,

    /// <summary>File pages not lately used.</summary>
    InactiveFile,

    /// <summary>File pages in use.</summary>
    ActiveFile,

    /// <summary>Pages that must stay.</summary>
    Unevictable,
}

/// <summary>Keeps every evictable page on the list that its flags name.</summary>
/// <remarks>Head is young, tail is old. Source: [Linux mm/swap.c, include/linux/mm_inline.h].</remarks>
internal sealed class LruLists : IStateful
{
    private readonly FrameList[] _lists = [new(1), new(2), new(3), new(4), new(5)];

    /// <summary>Pages now marked lazy free, nr_lazyfree.</summary>
    public int LazyFreeCount { get; private set; }

    /// <summary>One of the lists.</summary>
    public FrameList this[LruKind kind] => _lists[(int)kind];

    /// <summary>Counts a page that became lazy free; a huge one counts for all its frames.</summary>
    public void CountLazyFree(PageFrame frame) => LazyFreeCount += frame.PageCount;

    /// <summary>Counts a page that is lazy free no more.</summary>
    public void UncountLazyFree(PageFrame frame) => LazyFreeCount -= frame.PageCount;

    /// <summary>Frames on one of the lists, where a huge page counts for all of its own.</summary>
    public ulong FramesOn(LruKind kind)
    {
        ulong frames = 0;
        for (PageFrame? frame = this[kind].Head; frame is not null; frame = FrameList.After(frame))
        {
            frames += (ulong)frame.PageCount;
        }

        return frames;
    }

    /// <summary>The list that the flags of <paramref name="frame"/> name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LruKind KindOf(PageFrame frame)
    {
        if (frame.Has(PageFlags.Unevictable))
        {
            return LruKind.Unevictable;
        }

        bool active = frame.Has(PageFlags.Active);
        return frame.Has(PageFlags.SwapBacked)
            ? active ? LruKind.ActiveAnon : LruKind.InactiveAnon
            : active ? LruKind.ActiveFile : LruKind.InactiveFile;
    }

    /// <summary>Puts a page at the young end of its list.</summary>
    public void Add(PageFrame frame)
    {
        frame.Set(PageFlags.Lru);
        this[KindOf(frame)].AddHead(frame);
    }

    /// <summary>Puts a page at the old end of its list: the next victim.</summary>
    public void AddTail(PageFrame frame)
    {
        frame.Set(PageFlags.Lru);
        this[KindOf(frame)].AddTail(frame);
    }

    /// <summary>Takes a page off its list, if it is on one.</summary>
    public void Remove(PageFrame frame)
    {
        if (frame.Has(PageFlags.Lru))
        {
            this[KindOf(frame)].Remove(frame);
            frame.Clear(PageFlags.Lru);
        }
    }

    /// <summary>Changes flags that may name another list, and puts the page at the young end of it.</summary>
    public void Move(PageFrame frame, PageFlags set, PageFlags clear)
    {
        bool listed = frame.Has(PageFlags.Lru);
        Remove(frame);
        frame.Set(set);
        frame.Clear(clear);
        if (listed)
        {
            Add(frame);
        }
    }

    object IStateful.Save(object? last) => LazyFreeCount;

    void IStateful.Restore(object state) => LazyFreeCount = (int)state;

    void IStateful.SeeParts(StateVisitor visitor) => visitor.SeeAll(_lists);
}
