using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Kernel.Volatile;

/// <summary>
/// Random calls of three processes over one file, two mapping it shared and one privately. A model of bytes and colours hears only which pages left the
/// file, and foretells every touch, every answer, every range, and which pages may not leave.
/// </summary>
public sealed class FileRandomTests
{
    private const int Pages = 12;

    [Theory]
    [InlineData(1, FileMarks.Common)]
    [InlineData(2, FileMarks.Common)]
    [InlineData(3, FileMarks.J)]
    [InlineData(4, FileMarks.J)]
    [InlineData(5, FileMarks.K)]
    [InlineData(6, FileMarks.K)]
    public void Every_touch_finds_the_files_bytes_or_SIGBUS_or_announced_zeros(int seed, FileMarks files)
    {
        using Run run = new(seed, files);
        for (int step = 0; step < 4000; step++)
        {
            run.Step($"{files} {seed}, step {step}");
        }

        (run.Purges, run.BusErrors, run.Losses).ShouldSatisfyAllConditions(
            counts => counts.Purges.ShouldBeGreaterThan(50),
            counts => counts.BusErrors.ShouldBeGreaterThan(50),
            counts => counts.Losses.ShouldBeGreaterThan(20));
        run.Harness.Sound();
    }

    private sealed class Run : IDisposable
    {
        private const int Private = 2;
        private readonly Random _random;
        private readonly FileMarks _files;
        private readonly AddressSpace[] _spaces;
        private readonly VirtAddr?[] _starts = new VirtAddr?[3];
        private readonly VolatileOracle _ofFile = new(Pages);
        private readonly VolatileOracle[] _ofSpace = [new(Pages), new(Pages), new(Pages)];
        private readonly byte[] _content = new byte[Pages];
        private readonly byte?[] _copies = new byte?[Pages];
        private readonly bool[] _inMemory = new bool[Pages];
        private readonly bool[] _lost = new bool[Pages];
        private readonly bool[,] _purgedEntry = new bool[3, Pages];

        public Run(int seed, FileMarks files)
        {
            (_random, _files) = (new Random(seed), files);
            Harness = new FileVrangeHarness(new KernelProfile { Files = files }, Pages, swapPages: 0);
            _ = Harness.Open();
            _spaces = [Harness.A, Harness.B, Harness.C];
        }

        public FileVrangeHarness Harness { get; }

        public int Purges { get; private set; }

        public int BusErrors { get; private set; }

        public int Losses { get; private set; }

        private bool IsK => _files == FileMarks.K;

        public void Step(string name)
        {
            int who = _random.Next(3);
            int page = _random.Next(Pages);
            int count = 1 + _random.Next(Math.Min(4, Pages - page));
            switch (_random.Next(16))
            {
                case < 6:
                    Touch(name, who, page, _random.Next(2) == 0 ? AccessKind.Write : AccessKind.Read);
                    break;
                case < 9:
                    Mark(name, who, page, count);
                    break;
                case 9:
                    Keep(name, who, page, count);
                    break;
                case 10:
                    Harness.Fvrange((ulong)page, (ulong)count).ShouldBe(0, name);
                    _ofFile.Mark(page, count);
                    break;
                case 11:
                    Answer(name, Harness.Fvrange((ulong)page, (ulong)count, FileVrangeMode.NonVolatile), UnmarkFile(page, count));
                    break;
                case 12:
                    WriteByCall(page);
                    break;
                case 13:
                    Remap(who);
                    break;
                default:
                    Purge(name);
                    break;
            }

            Harness.Ranges.ShouldBe(_ofFile.Text, name);
            for (int i = 0; i < Pages; i++)
            {
                (Harness.Content.Mapping.Volatile?.IsLost((ulong)i) == true).ShouldBe(_lost[i], $"{name}: page {i}");
                (Harness.Content.FindPage((ulong)i) is not null).ShouldBe(_inMemory[i], $"{name}: page {i}");
            }

            if (_random.Next(40) == 0)
            {
                Harness.Sound();
            }
        }

        public void Dispose() => Harness.Dispose();

        private void Touch(string name, int who, int page, AccessKind kind)
        {
            if (_starts[who] is not { } start)
            {
                return;
            }

            VirtAddr at = start + ((ulong)page * 4096) + (ulong)_random.Next(4096);
            Touched touched = Harness.Touch(_spaces[who], at, kind);
            if (who != Private && (_lost[page] || (_purgedEntry[who, page] && _ofSpace[who].IsPurged(page))))
            {
                touched.ShouldBeBusErrorAt(at);
                BusErrors++;
                return;
            }

            touched.Ok.ShouldBeTrue($"{name}: {touched.Signal}");
            _purgedEntry[who, page] = false;
            bool copied = who == Private && (_copies[page] is not null || kind == AccessKind.Write);
            _inMemory[page] |= !(who == Private && _copies[page] is not null);
            if (copied)
            {
                _copies[page] ??= _content[page];
            }

            byte expected = copied ? _copies[page]!.Value : _content[page];
            Harness.Mm.Mem.Ram.Page(touched.Where.Frame).ContainsAnyExcept(expected).ShouldBeFalse($"{name}: {who} reads page {page}");
            if (kind == AccessKind.Write)
            {
                byte value = (byte)_random.Next(1, 256);
                Harness.Mm.Mem.Ram.PageToWrite(touched.Where.Frame).Fill(value);
                _ = copied ? _copies[page] = value : _content[page] = value;
            }
        }

        private void Mark(string name, int who, int page, int count)
        {
            if (_starts[who] is { } start && who != Private)
            {
                Harness.Mvrange(_spaces[who], start + ((ulong)page * 4096), (ulong)count).ShouldBe(0, name);
                (IsK ? _ofSpace[who] : _ofFile).Mark(page, count);
            }
        }

        private void Keep(string name, int who, int page, int count)
        {
            if (_starts[who] is { } start && who != Private)
            {
                long answer = Harness.Mvrange(_spaces[who], start + ((ulong)page * 4096), (ulong)count, FileVrangeMode.NonVolatile);
                Answer(name, answer, IsK ? _ofSpace[who].Unmark(page, count) : UnmarkFile(page, count));
            }
        }

        private void Answer(string name, long answer, bool lost)
        {
            answer.ShouldBe(lost ? 1 : 0, name);
            Losses += lost ? 1 : 0;
        }

        private bool UnmarkFile(int page, int count)
        {
            Array.Clear(_lost, page, count);
            return _ofFile.Unmark(page, count);
        }

        private void WriteByCall(int page)
        {
            byte[] bytes = new byte[4096];
            Array.Fill(bytes, (byte)_random.Next(1, 256));
            Harness.Content.Write((ulong)page * 4096, bytes).Ok(out int written, out _).ShouldBeTrue();
            written.ShouldBe(4096);
            (_content[page], _inMemory[page]) = (bytes[0], true);
        }

        private void Remap(int who)
        {
            if (_starts[who] is { } start)
            {
                _ = Unmap.Range(Harness.Mm.Mem, _spaces[who], start, Pages * 4096);
                _starts[who] = null;
                _ = _ofSpace[who].Unmark(0, Pages);
                for (int page = 0; page < Pages; page++)
                {
                    _purgedEntry[who, page] = false;
                }

                if (who == Private)
                {
                    Array.Clear(_copies);
                }

                return;
            }

            _starts[who] = Harness.Map(_spaces[who], who == Private ? MapFlags.Private : MapFlags.Shared);
        }

        /// <summary>Whatever leaves the file had the leave to: its owner's, or everyone's who had it mapped.</summary>
        private void Purge(string name)
        {
            bool[,] mapped = new bool[3, Pages];
            for (int who = 0; who < 3; who++)
            {
                for (int page = 0; page < Pages; page++)
                {
                    mapped[who, page] = _starts[who] is { } start && Holds(_spaces[who], start, page);
                }
            }

            _ = Harness.PurgeRanges((ulong)_random.Next(1, 4));
            for (int page = 0; page < Pages; page++)
            {
                if (_inMemory[page] && Harness.Content.FindPage((ulong)page) is null)
                {
                    Gone(name, page, mapped);
                }
            }
        }

        private void Gone(string name, int page, bool[,] mapped)
        {
            bool ofFile = _ofFile.Has(page);
            bool everyone = (mapped[0, page] || mapped[1, page]) && Enumerable.Range(0, 2).All(who => !mapped[who, page] || _ofSpace[who].Has(page));
            (ofFile || (IsK && everyone)).ShouldBeTrue($"{name}: page {page} had nobody's leave");
            (mapped[Private, page] && _files != FileMarks.J).ShouldBeFalse($"{name}: page {page} was mapped privately");
            if (mapped[Private, page])
            {
                _copies[page] = _content[page];
            }

            (_inMemory[page], _lost[page]) = (false, ofFile);
            _content[page] = 0;
            Purges++;
            if (ofFile)
            {
                _ofFile.Purge(page);
            }

            for (int who = 0; who < 2; who++)
            {
                if (mapped[who, page])
                {
                    _purgedEntry[who, page] = true;
                    _ofSpace[who].Purge(page);
                }
            }
        }

        /// <summary>True when the space's entry holds the file's own page.</summary>
        private bool Holds(AddressSpace space, VirtAddr start, int page)
        {
            MmuEmu.Emulator.Paging.Pte entry = Harness.Mm.PteOf(start + ((ulong)page * 4096), space);
            return SoftPteFormat.HasFrame(entry) && Harness.Content.FindPage((ulong)page) is { } frame && frame.Pfn == entry.Frame;
        }
    }
}
