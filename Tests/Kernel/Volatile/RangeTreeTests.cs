using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Volatile;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

public sealed class RangeTreeTests
{
    [Fact, Spec("V-113")]
    public void Marking_in_an_empty_tree_makes_one_range_with_its_last_byte_inside()
    {
        RangeTrees trees = new RangeTrees().Marked(5, 3);

        trees.Tree.Count.ShouldBe(1);
        trees.Tree[0].Bytes.ShouldBe(new ByteInterval(0x5000, 0x7FFF));
        trees.Tree[0].Purged.ShouldBeFalse();
    }

    [Theory, Spec("V-114")]
    [InlineData(3, 4, "3-9")]
    [InlineData(7, 5, "5-11")]
    [InlineData(3, 9, "3-11")]
    [InlineData(4, 6, "4-9")]
    public void A_request_that_overlaps_a_range_becomes_one_range_with_it(ulong first, ulong count, string expected) =>
        new RangeTrees().Marked(5, 5).Marked(first, count).Text.ShouldBe(expected);

    [Fact, Spec("V-114")]
    public void A_request_over_several_ranges_swallows_them_all_and_their_purged_marks()
    {
        RangeTrees trees = new RangeTrees().Marked(1, 2).Marked(5, 2).Marked(9, 2).PurgedPage(5);

        trees.Marked(2, 8).Text.ShouldBe("1-10!");
    }

    [Fact, Spec("V-115")]
    public void Ranges_that_only_touch_stay_apart_so_that_a_purge_does_not_spread()
    {
        RangeTrees trees = new RangeTrees().Marked(4, 2).Marked(6, 2).Marked(2, 2).PurgedPage(4);

        trees.Text.ShouldBe("2-3 4-5! 6-7");
    }

    [Fact, Spec("V-116", "V-020")]
    public void A_request_inside_a_range_changes_nothing_not_even_its_place_in_the_purge_list()
    {
        // Given an old, purged range and a younger one
        RangeTrees trees = new RangeTrees().Marked(0, 8).Marked(20, 2).PurgedPage(3);
        VolatileRange old = trees.Tree[0];

        // When a part of the old one, and all of it, is marked again
        trees.Marked(2, 3).Marked(0, 8);

        // Then it is the same range in the same place
        trees.Tree[0].ShouldBeSameAs(old);
        trees.Text.ShouldBe("0-7! 20-21");
        trees.AgeText.ShouldBe("0 20");
    }

    [Fact, Spec("V-117")]
    public void Unmarking_takes_whole_ranges_out_and_ors_their_purged_marks()
    {
        RangeTrees trees = new RangeTrees().Marked(1, 1).Marked(3, 1).Marked(5, 1).PurgedPage(3);

        trees.Unmark(0, 8).ShouldBeTrue();
        trees.Tree.Count.ShouldBe(0);
        trees.Age.Count.ShouldBe(0);
    }

    [Theory, Spec("V-118")]
    [InlineData(2, 4, "6-9!")]
    [InlineData(8, 4, "4-7!")]
    public void Unmarking_one_end_shrinks_the_range_and_keeps_its_purged_mark(ulong first, ulong count, string expected)
    {
        RangeTrees trees = new RangeTrees().Marked(4, 6).PurgedPage(5);

        trees.Unmark(first, count).ShouldBeTrue();
        trees.Text.ShouldBe(expected);
    }

    [Fact, Spec("V-119")]
    public void Unmarking_the_middle_leaves_two_ranges_that_both_keep_the_purged_mark()
    {
        RangeTrees trees = new RangeTrees().Marked(0, 10).PurgedPage(9);

        trees.Unmark(4, 2).ShouldBeTrue();
        trees.Text.ShouldBe("0-3! 6-9!");
    }

    [Fact, Spec("V-121", "V-122")]
    public void The_purged_mark_is_of_the_range_so_an_intact_page_reports_a_loss_too()
    {
        RangeTrees trees = new RangeTrees().Marked(0, 4).PurgedPage(3);

        trees.Unmark(0, 1).ShouldBeTrue();
        trees.Unmark(1, 3).ShouldBeTrue();
    }

    [Fact, Spec("V-124")]
    public void A_purged_mark_spreads_to_fresh_pages_that_become_one_range_with_it()
    {
        RangeTrees trees = new RangeTrees().Marked(0, 4).PurgedPage(0).Marked(3, 5);

        trees.Unmark(5, 3).ShouldBeTrue();
    }

    [Fact, Spec("V-125")]
    public void A_purged_page_marks_every_range_that_shares_a_byte_with_it()
    {
        RangeTrees trees = new();
        trees.Tree.Mark(new ByteInterval(0x1000, 0x17FF)).ShouldBe(Errno.None);
        trees.Tree.Mark(new ByteInterval(0x1800, 0x2FFF)).ShouldBe(Errno.None);
        trees.Tree.Mark(new ByteInterval(0x3000, 0x3FFF)).ShouldBe(Errno.None);

        trees.PurgedPage(1);

        Enumerable.Range(0, 3).Select(at => trees.Tree[at].Purged).ShouldBe([true, true, false]);
    }

    [Fact, Spec("V-127")]
    public void A_resized_range_and_the_upper_half_of_a_split_are_young_again()
    {
        RangeTrees trees = new RangeTrees().Marked(0, 10).Marked(20, 4).Marked(30, 4);

        _ = trees.Unmark(22, 2);
        trees.AgeText.ShouldBe("0 30 20");

        _ = trees.Unmark(4, 2);
        trees.AgeText.ShouldBe("30 20 0 6");
    }

    [Fact]
    public void The_range_that_was_marked_first_is_the_first_victim()
    {
        RangeTrees trees = new RangeTrees().Marked(9, 1).Marked(1, 1).Marked(5, 1);

        trees.AgeText.ShouldBe("9 1 5");
        trees.Age.TakeOldest().ShouldBeSameAs(trees.Tree[2]);
        trees.AgeText.ShouldBe("1 5");
    }

    [Fact, Spec("V-156")]
    public void A_victim_is_off_the_list_until_it_is_resized_or_becomes_part_of_another_range()
    {
        RangeTrees trees = new RangeTrees().Marked(0, 4);
        _ = trees.Age.TakeOldest();

        trees.Marked(1, 2).AgeText.ShouldBe("");
        trees.Marked(2, 4).AgeText.ShouldBe("0");

        _ = trees.Age.TakeOldest();
        _ = trees.Unmark(5, 1);
        trees.AgeText.ShouldBe("0");
    }

    [Fact, Spec("V-039")]
    public void Marking_without_memory_for_a_node_fails_and_changes_nothing()
    {
        RangeTrees trees = new();
        trees.Purse.IsEmpty = true;

        trees.Tree.Mark(RangeTrees.Pages(1, 1)).ShouldBe(Errno.ENOMEM);
        trees.Tree.Count.ShouldBe(0);
    }

    [Fact, Spec("V-040")]
    public void Unmarking_needs_a_spare_node_even_when_it_only_removes_one()
    {
        // Given as many ranges as the nodes of one frame, and no second frame
        RangeTrees trees = new();
        for (ulong page = 0; page < RangePool.NodesPerFrame; page++)
        {
            trees.Marked(2 * page, 1);
        }

        trees.Purse.IsEmpty = true;

        trees.Tree.Unmark(RangeTrees.Pages(0, 1), out bool purged).ShouldBe(Errno.ENOMEM);
        purged.ShouldBeFalse();
        trees.Tree.Count.ShouldBe(RangePool.NodesPerFrame);
    }

    [Fact]
    public void Forgetting_cannot_fail_even_when_it_splits_a_range_and_memory_is_out()
    {
        RangeTrees trees = new RangeTrees().Marked(0, 9);
        trees.Purse.IsEmpty = true;
        while (trees.Pool.InUse < RangePool.NodesPerFrame)
        {
            _ = trees.Pool.TryTake();
        }

        trees.Tree.Forget(RangeTrees.Pages(3, 2));

        trees.Text.ShouldBe("0-2 5-8");
    }

    [Fact]
    public void Nodes_take_frames_as_they_become_many_and_give_them_back()
    {
        RangeTrees trees = new();
        for (ulong page = 0; page < 3 * RangePool.NodesPerFrame; page++)
        {
            trees.Marked(2 * page, 1);
        }

        trees.Purse.Taken.ShouldBe(3);

        trees.Tree.Clear();
        trees.Pool.Trim();
        trees.Purse.Taken.ShouldBe(0);
    }
}
