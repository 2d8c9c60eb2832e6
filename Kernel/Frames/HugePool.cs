using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Frames;

/// <summary>The huge pages that are set aside for hugetlb: in memory for good, given out only to mappings that ask for them.</summary>
/// <remarks>It counts and keeps; who fills it takes blocks from the frame source. Source: [Linux mm/hugetlb.c].</remarks>
internal sealed class HugePool : IStateful
{
    private readonly List<PageFrame> _free = [];

    /// <summary>Pages of the pool, given out or not: HugePages_Total.</summary>
    public int Total { get; private set; }

    /// <summary>Pages that nobody has: HugePages_Free.</summary>
    public int Free => _free.Count;

    /// <summary>Free pages that mappings have a promise of: HugePages_Rsvd.</summary>
    public int Reserved { get; private set; }

    /// <summary>Puts a huge page that is new to the pool into it; it has no reference.</summary>
    public void Add(PageFrame head)
    {
        head.Set(PageFlags.Head | PageFlags.HugeTlb);
        _free.Add(head);
        Total++;
    }

    /// <summary>Takes a page that nobody has or is promised out of the pool for good; null when there is none.</summary>
    public PageFrame? Remove()
    {
        if (Free <= Reserved)
        {
            return null;
        }

        PageFrame head = Pop();
        head.Clear(PageFlags.Head | PageFlags.HugeTlb);
        Total--;
        return head;
    }

    /// <summary>Gives a page out with one reference, for a promise or for nothing; null when the pool has none to give.</summary>
    public PageFrame? TryTake(bool promised)
    {
        if (promised ? Free == 0 : Free <= Reserved)
        {
            return null;
        }

        Reserved -= promised ? 1 : 0;
        PageFrame head = Pop();
        head.RefCount = 1;
        return head;
    }

    /// <summary>Takes a page back that nobody refers to any more.</summary>
    public void GiveBack(PageFrame head)
    {
        head.Empty();
        head.Set(PageFlags.Head | PageFlags.HugeTlb);
        _free.Add(head);
    }

    /// <summary>Promises <paramref name="pages"/> pages; false when fewer are free and unpromised.</summary>
    public bool TryReserve(int pages)
    {
        if (Free - Reserved < pages)
        {
            return false;
        }

        Reserved += pages;
        return true;
    }

    /// <summary>Takes promises back.</summary>
    public void Unreserve(int pages) => Reserved -= pages;

    private PageFrame Pop()
    {
        PageFrame head = _free[^1];
        _free.RemoveAt(_free.Count - 1);
        return head;
    }

    object IStateful.Save(object? last) => (Total, Reserved, (PageFrame[])[.. _free]);

    void IStateful.Restore(object state)
    {
        (Total, Reserved, PageFrame[] free) = ((int, int, PageFrame[]))state;
        SavedItems.PutBack(_free, free);
    }
}
