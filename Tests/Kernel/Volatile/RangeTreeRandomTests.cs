using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Kernel.Volatile;

public sealed class RangeTreeRandomTests
{
    private const int Pages = 24;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Any_order_of_marks_unmarks_and_purges_gives_what_a_colouring_of_pages_gives(int seed)
    {
        Random random = new(seed);
        RangeTrees trees = new();
        VolatileOracle oracle = new(Pages);

        for (int step = 0; step < 5000; step++)
        {
            int first = random.Next(Pages);
            int count = 1 + random.Next(Math.Min(8, Pages - first));
            switch (random.Next(5))
            {
                case 0 or 1:
                    trees.Marked((ulong)first, (ulong)count);
                    oracle.Mark(first, count);
                    break;
                case 2 or 3:
                    trees.Unmark((ulong)first, (ulong)count).ShouldBe(oracle.Unmark(first, count), $"step {step}");
                    break;
                default:
                    trees.PurgedPage((ulong)first);
                    oracle.Purge(first);
                    break;
            }

            (trees.Text, trees.AgeText).ShouldBe((oracle.Text, oracle.AgeText), $"step {step}");
        }
    }
}
