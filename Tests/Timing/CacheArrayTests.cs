using MmuEmu.Emulator.Timing;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Timing;

public sealed class CacheArrayTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(48, 12)]
    [InlineData(1280, 10)]
    [InlineData(30, 12)]                                    // 40 sets: not a power of two
    public void Hits_and_victims_are_those_of_an_ordered_list_per_set(int kibibytes, int ways)
    {
        CacheGeometry shape = new(kibibytes, ways, 4, 1);
        CacheArray cache = new(shape);
        ListCache oracle = new(shape.Sets, ways);
        Sequence random = new(7);

        for (int i = 0; i < 20_000; i++)
        {
            ulong line = random.Below((ulong)(shape.Sets * ways * 2));
            bool hit = cache.TryTouch(line);
            hit.ShouldBe(oracle.Touch(line));
            if (!hit)
            {
                ulong? left = cache.Insert(line, out ulong evicted) ? evicted : null;
                left.ShouldBe(oracle.Insert(line));
            }
            else if (random.Below(16) == 0)
            {
                cache.Remove(line);
                oracle.Remove(line);
            }
        }
    }

    [Fact]
    public void A_line_that_the_second_level_evicts_is_found_in_a_victim_third_level()
    {
        CacheSystem system = MachinePresets.Zen5.Caches with
        {
            Data = new CacheGeometry(1, 1, 4, 1),
            Second = new CacheGeometry(1, 1, 14, 2),
            Third = new CacheGeometry(16, 16, 46, 4),
            ThirdFill = ThirdLevelFill.OnEviction,
        };
        CacheHierarchy caches = new(system);

        caches.Data(0).ShouldBe(CacheLevel.Memory);
        caches.Data(16).ShouldBe(CacheLevel.Memory);        // same set of both small levels: line 0 leaves them
        caches.Data(0).ShouldBe(CacheLevel.L3);
        caches.Data(0).ShouldBe(CacheLevel.L1);
    }

    [Fact]
    public void Lines_that_the_walker_reads_push_data_out_of_the_same_caches()
    {
        CacheHierarchy caches = new(MachinePresets.Tiny.Caches);
        caches.Data(0).ShouldBe(CacheLevel.Memory);
        for (ulong line = 16; line <= 256; line += 16)
        {
            caches.BelowFirst(line);
        }

        // The walker entered at the second level, so the first level kept line 0 and the second lost it.
        caches.BelowFirst(0).ShouldNotBe(CacheLevel.L2);
        caches.Data(0).ShouldBe(CacheLevel.L1);
    }

    private sealed class ListCache(int sets, int ways)
    {
        private readonly List<ulong>[] _sets = [.. Enumerable.Range(0, sets).Select(_ => new List<ulong>())];

        public bool Touch(ulong line)
        {
            List<ulong> set = _sets[line % (ulong)sets];
            if (!set.Remove(line))
            {
                return false;
            }

            set.Add(line);
            return true;
        }

        public ulong? Insert(ulong line)
        {
            List<ulong> set = _sets[line % (ulong)sets];
            ulong? victim = null;
            if (set.Count == ways)
            {
                victim = set[0];
                set.RemoveAt(0);
            }

            set.Add(line);
            return victim;
        }

        public void Remove(ulong line) => _sets[line % (ulong)sets].Remove(line);
    }
}
