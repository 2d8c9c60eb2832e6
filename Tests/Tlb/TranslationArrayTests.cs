using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Tlb;

/// <summary>The arrays themselves: who is found, who is evicted.</summary>
public sealed class TranslationArrayTests
{
    private const ulong Value = (ulong)(PteBits.P | PteBits.A);

    [Theory]
    [InlineData(96, 96)]
    [InlineData(256, 256)]
    [InlineData(64, 4)]
    [InlineData(1536, 12)]
    [InlineData(16, 1)]
    [InlineData(4, 4)]
    public void Exact_LRU_finds_and_evicts_as_a_list_per_set_does(int entries, int ways)
    {
        TlbShape shape = new(TlbSizes.Size4K, entries, ways, Replacement.Lru);
        TranslationArray array = new(shape);
        NaiveTlb naive = new(shape);
        ulong seed = 1;
        for (int step = 0; step < 20_000; step++)
        {
            seed = (seed * 6364136223846793005) + 1442695040888963407;
            ulong page = (seed >> 33) % (ulong)(entries * 2);
            ulong tag = TagOf(page);
            if ((seed >> 60) == 0)
            {
                naive.Remove(page);
                RemoveIfThere(array, tag);
            }
            else if ((array.Use(tag) != 0) is var hit && naive.TryUse(page) is var expected && (hit, expected) == (false, false))
            {
                _ = array.PutNew(new TlbEntry(tag, Value), out TlbEntry evicted);
                ulong? left = evicted.Tag == 0 ? null : evicted.Address.PageNumber;
                left.ShouldBe(naive.Put(page), $"step {step}");
            }
            else
            {
                hit.ShouldBe(expected, $"step {step}");
            }
        }
    }

    [Fact]
    public void A_recency_tree_of_four_ways_evicts_the_way_its_bits_point_to()
    {
        // Given four pages put in order into one set
        TranslationArray array = new(new TlbShape(TlbSizes.Size4K, 4, 4, Replacement.TreePlru));
        foreach (ulong page in new ulong[] { 0, 1, 2, 3 })
        {
            _ = array.PutNew(new TlbEntry(TagOf(page), Value), out TlbEntry none);
            none.Tag.ShouldBe(0UL);
        }

        // Then the tree points at 0; using 0 turns it to the other half, where 2 is older than 3
        array.Use(TagOf(0)).ShouldBe(Value);
        _ = array.PutNew(new TlbEntry(TagOf(4), Value), out TlbEntry first);
        _ = array.PutNew(new TlbEntry(TagOf(5), Value), out TlbEntry second);

        (first.Address.PageNumber, second.Address.PageNumber).ShouldBe((2UL, 1UL));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(6)]
    public void A_recency_tree_never_evicts_the_page_used_last_and_fills_every_way_first(int ways)
    {
        TranslationArray array = new(new TlbShape(TlbSizes.Size4K, ways, ways, Replacement.TreePlru));
        for (ulong page = 0; page < 1000; page++)
        {
            _ = array.PutNew(new TlbEntry(TagOf(page), Value), out TlbEntry evicted);
            (evicted.Tag == 0).ShouldBe(page < (ulong)ways);
            array.Find(TagOf(page)).ShouldBeGreaterThanOrEqualTo(0);
            array.Count.ShouldBe(Math.Min(ways, (int)page + 1));
        }
    }

    [Fact]
    public void An_endless_array_keeps_everything_until_it_is_told_otherwise()
    {
        TranslationArray array = TranslationArray.Endless();
        for (ulong page = 0; page < 5000; page++)
        {
            _ = array.PutNew(new TlbEntry(TagOf(page), Value), out TlbEntry evicted);
            evicted.Tag.ShouldBe(0UL);
        }

        for (ulong page = 0; page < 5000; page += 2)
        {
            array.RemoveAt(array.Find(TagOf(page)));
        }

        array.Count.ShouldBe(2500);
        for (ulong page = 0; page < 5000; page++)
        {
            (array.Find(TagOf(page)) >= 0).ShouldBe(page % 2 == 1);
        }
    }

    [Theory]
    [InlineData(12, 4, Replacement.Lru)]
    [InlineData(10, 4, Replacement.Lru)]
    [InlineData(128, 128, Replacement.TreePlru)]
    public void A_shape_that_no_processor_could_have_is_refused(int entries, int ways, Replacement policy) =>
        Should.Throw<ArgumentException>(() => new TranslationArray(new TlbShape(TlbSizes.Size4K, entries, ways, policy)));

    private static ulong TagOf(ulong page) => TlbEntry.TagOf(new VirtAddr(page << 12), PagingLevel.Pt, pcid: 3);

    private static void RemoveIfThere(TranslationArray array, ulong tag)
    {
        if (array.Find(tag) is >= 0 and int slot)
        {
            array.RemoveAt(slot);
        }
    }
}
