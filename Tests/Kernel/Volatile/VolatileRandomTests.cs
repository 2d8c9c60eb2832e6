using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Kernel.Volatile;

/// <summary>Random programs under random pressure. The oracle hears which pages were purged, and foretells every touch and every answer.</summary>
public sealed class VolatileRandomTests
{
    private const int Pages = 24;

    [Theory]
    [InlineData(1, 0, TlbMode.MaxStale)]
    [InlineData(2, 0, TlbMode.NoCache)]
    [InlineData(3, 128, TlbMode.MaxStale)]
    [InlineData(4, 128, TlbMode.Preset)]
    [InlineData(5, 10, TlbMode.MaxStale)]
    [InlineData(6, 10, TlbMode.Preset)]
    public void Every_touch_finds_its_data_or_SIGBUS_or_announced_zeros(int seed, int swapPages, TlbMode mode)
    {
        using Run run = new(seed, new MmOptions { SwapPages = swapPages, TlbMode = mode, Cpus = 2 });
        for (int step = 0; step < 5000; step++)
        {
            run.Step($"step {step}");
        }

        (run.Purges, run.BusErrors, run.Losses).ShouldSatisfyAllConditions(
            counts => counts.Purges.ShouldBeGreaterThan(50),
            counts => counts.BusErrors.ShouldBeGreaterThan(50),
            counts => counts.Losses.ShouldBeGreaterThan(20));
        run.Harness.Mm.ShouldBeSound();
    }

    private sealed class Run : IDisposable
    {
        private readonly Random _random;
        private readonly VolatileOracle _oracle = new(Pages);
        private readonly byte[] _content = new byte[Pages];
        private readonly bool[] _gone = new bool[Pages];
        private readonly VirtAddr _start;
        private int _heard;

        public Run(int seed, MmOptions options)
        {
            _random = new Random(seed);
            Harness = new VrangeHarness(options);
            _start = Harness.Mm.Map(Pages);
        }

        public VrangeHarness Harness { get; }

        public int Purges { get; private set; }

        public int BusErrors { get; private set; }

        public int Losses { get; private set; }

        public void Step(string name)
        {
            int page = _random.Next(Pages);
            int count = 1 + _random.Next(Math.Min(6, Pages - page));
            VirtAddr at = _start + ((ulong)page * 4096);
            switch (_random.Next(10))
            {
                case < 3:
                    Touch(name, page, AccessKind.Write);
                    break;
                case < 5:
                    Touch(name, page, AccessKind.Read);
                    break;
                case < 7:
                    Harness.Mark(at, (ulong)count).ShouldBe(count * 4096, name);
                    _oracle.Mark(page, count);
                    break;
                case 7:
                    VrangeAnswer answer = Harness.Keep(at, (ulong)count);
                    bool lost = _oracle.Unmark(page, count);
                    answer.ShouldBe(new VrangeAnswer(count * 4096, lost ? 1 : 0), name);
                    Losses += answer.Purged;
                    break;
                case 8:
                    _ = Harness.Mm.Reclaim((ulong)_random.Next(1, 4));
                    break;
                default:
                    _ = _random.Next(4) == 0 ? Harness.Mm.Age() : Harness.Mm;
                    break;
            }

            Listen();
        }

        public void Dispose() => Harness.Dispose();

        private void Touch(string name, int page, AccessKind kind)
        {
            VirtAddr at = _start + ((ulong)page * 4096) + (ulong)_random.Next(4096);
            Touched touched = Harness.Mm.Touch(at, kind, _random.Next(2));
            if (_gone[page] && _oracle.IsPurged(page))
            {
                touched.ShouldBeBusErrorAt(at);
                BusErrors++;
                return;
            }

            touched.Ok.ShouldBeTrue($"{name}: {touched.Signal}");
            (_content[page], _gone[page]) = (_gone[page] ? (byte)0 : _content[page], false);
            Harness.Mm.ReadPage(at).AsSpan().ContainsAnyExcept(_content[page]).ShouldBeFalse(name);
            if (kind == AccessKind.Write)
            {
                _content[page] = (byte)_random.Next(1, 256);
                Harness.Mm.Fill(at.PageBase, 1, _content[page]);
            }
        }

        /// <summary>Hears of every page that was purged since the last time.</summary>
        private void Listen()
        {
            for (; _heard < Harness.Mm.Events.Count; _heard++)
            {
                TraceEvent happened = Harness.Mm.Events[_heard];
                if (happened.Kind == KernelEvent.Purged)
                {
                    int page = (int)((happened.Address.Raw - _start.Raw) >> 12);
                    _gone[page] = true;
                    _oracle.Purge(page);
                    Purges++;
                }
            }
        }
    }
}
