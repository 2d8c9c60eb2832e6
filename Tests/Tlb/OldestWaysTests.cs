using MmuEmu.Emulator.Tlb;

namespace MmuEmu.Tests.Tlb;

/// <summary>The least recently used way against a search of all stamps.</summary>
public sealed class OldestWaysTests
{
    [Theory]
    [InlineData(1, 96, 1)]
    [InlineData(1, 96, 40)]
    [InlineData(4, 17, 3)]
    [InlineData(2, 64, 200)]
    public void The_oldest_way_has_the_smallest_stamp(int sets, int ways, int usesPerFill)
    {
        // Given some ways that are used all the time, the others only when they are filled, or now and then
        Random random = new(7);
        TlbSlot[] slots = new TlbSlot[sets * ways];
        OldestWays oldest = new(sets, ways);
        ulong clock = 0;
        for (int slot = 0; slot < slots.Length; slot++)
        {
            slots[slot].Stamp = ++clock;
        }

        for (int step = 0; step < 20_000; step++)
        {
            int set = random.Next(sets);
            for (int use = random.Next(usesPerFill); use > 0; use--)
            {
                int way = random.Next(3) == 0 ? random.Next(ways) : random.Next(ways / 4);
                slots[(set * ways) + way].Stamp = ++clock;
            }

            // Then who has to leave is who was not used for the longest time
            int victim = oldest.Of(set, slots);
            victim.ShouldBe(Search(slots, set * ways, ways), $"step {step}");
            slots[victim].Stamp = ++clock;
        }
    }

    private static int Search(TlbSlot[] slots, int first, int ways)
    {
        int oldest = first;
        for (int slot = first; slot < first + ways; slot++)
        {
            oldest = slots[slot].Stamp < slots[oldest].Stamp ? slot : oldest;
        }

        return oldest;
    }
}
