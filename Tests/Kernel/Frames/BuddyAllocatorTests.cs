using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;

namespace MmuEmu.Tests.Kernel.Frames;

public sealed class BuddyAllocatorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Blocks_never_overlap_and_join_again_when_all_are_back(int seed)
    {
        // Given 2500 frames, an awkward number, and what the free lists look like at first
        Random random = new(seed);
        BuddyAllocator buddy = new(new FrameTable(2500), reserved: 3);
        int[] fresh = Blocks(buddy);
        HashSet<ulong> taken = [];
        List<PageFrame> heads = [];

        // When blocks of all orders are taken and freed at random
        for (int step = 0; step < 20_000; step++)
        {
            if (heads.Count > 0 && random.Next(2) == 0)
            {
                PageFrame head = heads[random.Next(heads.Count)];
                heads.Remove(head);
                FramesOf(head).ShouldAllBe(pfn => taken.Remove(pfn));
                head.RefCount = 0;
                buddy.Free(head);
            }
            else if (buddy.TryTake(random.Next(5)) is { } head)
            {
                FramesOf(head).ShouldAllBe(pfn => taken.Add(pfn) && pfn >= 3 && pfn < 2500);
                (head.Pfn.Raw & ((1UL << head.Order) - 1)).ShouldBe(0UL, "a block is aligned to its size");
                heads.Add(head);
            }

            buddy.FreeCount.ShouldBe(2497UL - (ulong)taken.Count);
        }

        // Then freeing the rest gives the very blocks of the beginning
        foreach (PageFrame head in heads)
        {
            head.RefCount = 0;
            buddy.Free(head);
        }

        Blocks(buddy).ShouldBe(fresh);
    }

    [Fact]
    public void Fresh_memory_is_handed_out_from_the_bottom()
    {
        BuddyAllocator buddy = new(new FrameTable(256), reserved: 1);

        buddy.TryTake(0)!.Pfn.ShouldBe(new Pfn(1));
        buddy.TryTake(0)!.Pfn.ShouldBe(new Pfn(2));
        buddy.TryTake(0)!.Pfn.ShouldBe(new Pfn(3));
    }

    [Fact]
    public void An_exhausted_allocator_says_so()
    {
        BuddyAllocator buddy = new(new FrameTable(16), reserved: 8);

        buddy.TryTake(4).ShouldBeNull();
        buddy.TryTake(3).ShouldNotBeNull();
        buddy.TryTake(0).ShouldBeNull();
    }

    [Theory]
    [InlineData(2048UL, 90UL)]
    [InlineData(262_144UL, 1024UL)]
    [InlineData(256UL, 32UL)]
    [InlineData(16_777_216UL, 8192UL)]
    public void The_min_watermark_is_four_times_the_root_of_the_KiB(ulong frames, ulong min)
    {
        Watermarks marks = Watermarks.For(frames);

        marks.ShouldBe(new Watermarks(min, min + (min / 4), min + (min / 2)));
    }

    [Fact]
    public void Large_RAM_costs_records_only_for_the_blocks()
    {
        FrameTable frames = new(1UL << 22);
        BuddyAllocator buddy = new(frames, reserved: 1);

        buddy.FreeCount.ShouldBe((1UL << 22) - 1);
        frames.Peek(new Pfn((1UL << 21) + 5)).ShouldBeNull();
    }

    private static int[] Blocks(BuddyAllocator buddy) => [.. Enumerable.Range(0, 11).Select(buddy.FreeBlocks)];

    private static IEnumerable<ulong> FramesOf(PageFrame head) =>
        Enumerable.Range(0, 1 << head.Order).Select(i => head.Pfn.Raw + (ulong)i);
}
