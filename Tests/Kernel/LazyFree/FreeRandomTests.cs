using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Kernel.LazyFree;

/// <summary>Random programs against an oracle that knows only what may be read.</summary>
public sealed class FreeRandomTests
{
    private const int Pages = 24;
    private const ulong PageBytes = 4096;

    [Theory]
    [InlineData(1, 256, TlbMode.MaxStale)]
    [InlineData(2, 256, TlbMode.Preset)]
    [InlineData(3, 0, TlbMode.MaxStale)]
    [InlineData(4, 0, TlbMode.NoCache)]
    [InlineData(5, 12, TlbMode.MaxStale)]
    [InlineData(6, 12, TlbMode.Preset)]
    public void Whatever_a_program_does_each_page_reads_as_the_oracle_allows(int seed, int swapPages, TlbMode mode)
    {
        Random random = new(seed);
        using MmHarness mm = new(new MmOptions { SwapPages = swapPages, TlbMode = mode, Cpus = 2 });
        VirtAddr start = mm.Map(Pages);
        LazyFreeOracle oracle = new(Pages);

        for (int step = 0; step < 6000; step++)
        {
            int page = random.Next(Pages);
            int cpu = random.Next(2);
            VirtAddr at = start + ((ulong)page * PageBytes);
            switch (random.Next(10))
            {
                case 0 or 1 or 2:
                    (int offset, byte value) = (random.Next(4096), (byte)random.Next(256));
                    _ = mm.Write(at + (ulong)offset, value, cpu);
                    oracle.Write(page, offset, value);
                    break;
                case 3 or 4:
                    byte[] seen = mm.ReadPage(at, cpu);
                    oracle.Accepts(page, seen).ShouldBeTrue($"step {step}: page {page} reads as it never may");
                    break;
                case 5 or 6 or 7:
                    int count = 1 + random.Next(Math.Min(6, Pages - page));
                    mm.Advise(at, (ulong)count, Advice.Free).ShouldBe(Errno.None);
                    Enumerable.Range(page, count).ToList().ForEach(oracle.Free);
                    break;
                case 8:
                    _ = mm.Reclaim((ulong)random.Next(1, 8));
                    break;
                case 9 when random.Next(8) == 0:
                    mm.Advise(at, 1, Advice.DontNeed).ShouldBe(Errno.None);
                    oracle.Drop(page);
                    break;
            }
        }

        mm.ShouldBeSound();
        mm.Count(MmCounter.PgLazyFreed).ShouldBeGreaterThan(20UL);
    }
}
