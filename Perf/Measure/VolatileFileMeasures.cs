using MmuEmu.Emulator.Memory;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Setup;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Volatile;
using MmuEmu.Perf.Report;

namespace MmuEmu.Perf.Measure;

/// <summary>Volatile ranges of a shared file: marking costs what it costs, however many pages are there, and a purge is quick.</summary>
internal static class VolatileFileMeasures
{
    private const int Pages = 32_768;
    private const int Calls = 2_000;

    public static IEnumerable<Row> Run(int rounds)
    {
        double one = NanosecondsPerMark(1, rounds);
        double many = NanosecondsPerMark(Pages, rounds);
        yield return new Row
        {
            Name = "mark and unmark 128 MiB of a file",
            Value = many,
            Unit = "ns",
            Note = $"{Pages} pages in memory and mapped",
        };
        yield return new Row
        {
            Name = "the same over that of one page",
            Value = many / one,
            Unit = "times",
            Target = new Target(Better.Lower, 2),
            Note = "independent of the number of pages",
        };
        yield return new Row
        {
            Name = "pages of a file purged",
            Value = Median.Of(Enumerable.Range(0, (2 * rounds) + 3).Select(_ => PurgedPerSecond()).Skip(2)) / 1e6,
            Unit = "M/s",
            Target = new Target(Better.Higher, 1),
            Note = "whole ranges of 256 pages, each page mapped once, a hole and a flush each",
        };
    }

    private static double NanosecondsPerMark(int pages, int rounds)
    {
        using Machine machine = new();
        IVolatileFile ranges = machine.Purger.RangesOf(machine.File);
        return Median.NanosecondsPer(Calls, rounds, () =>
        {
            for (int i = 0; i < Calls; i++)
            {
                _ = ranges.Mark(0, (ulong)pages << 12);
                _ = ranges.Unmark(0, (ulong)pages << 12, out _);
            }
        });
    }

    private static double PurgedPerSecond()
    {
        using Machine machine = new();
        IVolatileFile ranges = machine.Purger.RangesOf(machine.File);
        for (ulong page = 0; page < Pages; page += 256)
        {
            _ = ranges.Mark(page << 12, 256UL << 12);
        }

        double start = CpuTime.Now();
        ulong freed = 0;
        for (ulong now = 1; now > 0; freed += now)
        {
            now = machine.Purger.PurgeRanges(ulong.MaxValue, ReclaimReason.Direct);
        }

        return freed / (CpuTime.Now() - start);
    }

    /// <summary>Memory management with one space that maps a file in memory whole, every page of it there.</summary>
    private sealed class Machine : ITlbShootdown, IDisposable
    {
        private readonly PhysicalMemory _ram = new(512UL << 20);

        public Machine()
        {
            MemorySystem mem = MemorySetup.Build(new MemoryConfig { Ram = _ram, SwapPages = 0 });
            mem.Gathers.Tlbs = this;
            Purger = new RangePurger(mem);
            mem.Volatile = Purger;
            File = new MemContent(mem, "/file");
            _ = File.Resize((ulong)Pages << 12);
            File.Opened();
            _ = NewSpace.Create(mem).Ok(out AddressSpace? space, out _);
            _ = Map.Place(mem, space!, new MapRequest { LengthBytes = (ulong)Pages << 12, Flags = MapFlags.Shared | MapFlags.Populate, Backing = File });
        }

        public RangePurger Purger { get; }

        public MemContent File { get; }

        public void Invalidate(in FlushRequest request)
        {
        }

        public void Dispose() => _ram.Dispose();
    }
}
