using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Volatile;

namespace MmuEmu.Tests.Builders;

/// <summary>Volatility trees without a memory system: addresses are counted in pages, frames come from a purse.</summary>
internal sealed class RangeTrees
{
    public RangeTrees()
    {
        Pool = new RangePool(Purse);
        Tree = NewTree();
    }

    public FramePurse Purse { get; } = new();

    public PurgeList Age { get; } = new();

    public RangePool Pool { get; }

    public VolatileTree Tree { get; }

    public VolatileTree NewTree() => new(new OwnerOfNothing(), Pool, Age);

    public static ByteInterval Pages(ulong first, ulong count) => ByteInterval.Of(first << 12, count << 12);

    public RangeTrees Marked(ulong first, ulong count)
    {
        Tree.Mark(Pages(first, count)).ShouldBe(Errno.None);
        return this;
    }

    public RangeTrees PurgedPage(ulong page)
    {
        Tree.MarkPurged(Pages(page, 1));
        return this;
    }

    public bool Unmark(ulong first, ulong count)
    {
        Tree.Unmark(Pages(first, count), out bool purged).ShouldBe(Errno.None);
        return purged;
    }

    /// <summary>All ranges, lowest first, in pages; an exclamation mark stands for purged.</summary>
    public string Text => TextOf(Tree);

    /// <summary>The ranges on the purge list, oldest first, by their first page.</summary>
    public string AgeText
    {
        get
        {
            List<string> firsts = [];
            for (VolatileRange? range = Age.Oldest; range is not null; range = PurgeList.YoungerThan(range))
            {
                firsts.Add($"{range.Bytes.First >> 12}");
            }

            return string.Join(' ', firsts);
        }
    }

    public static string TextOf(VolatileTree tree) =>
        string.Join(' ', Enumerable.Range(0, tree.Count).Select(at => TextOf(tree[at])));

    private static string TextOf(VolatileRange range) =>
        $"{range.Bytes.First >> 12}-{range.Bytes.Last >> 12}{(range.Purged ? "!" : "")}";
}

/// <summary>Owns bytes that no page was ever put to.</summary>
internal sealed class OwnerOfNothing : IVolatileOwner
{
    public bool IsBusy => false;

    public IPageMappers Mappers => throw new InvalidOperationException("there is no page to ask for");

    public ulong OfferPages(ByteInterval bytes, PagePurge purge, ReclaimReason reason) => 0;
}

/// <summary>Frames for the asking, until told to be empty.</summary>
internal sealed class FramePurse : IFrameSource
{
    private readonly FrameTable _frames = new(1 << 20);
    private ulong _next = 1;

    public bool IsEmpty { get; set; }

    public int Taken { get; private set; }

    public PageFrame? TryTake(FrameContent content)
    {
        if (IsEmpty)
        {
            return null;
        }

        Taken++;
        PageFrame frame = _frames[new Pfn(_next++)];
        frame.RefCount = 1;
        return frame;
    }

    public void Release(PageFrame frame)
    {
        frame.RefCount--;
        Taken--;
    }

    public ulong ReclaimNow(ulong frames) => 0;
}
