using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Files;

/// <summary>A file of memory against a plain array of bytes: calls, mappings of two spaces, holes and pressure in random order.</summary>
public sealed class FileModelTests
{
    private const int Pages = 20;

    [Theory]
    [InlineData(1, 256UL, 1)]
    [InlineData(2, 256UL, 2)]
    [InlineData(3, 512UL, 1)]
    [InlineData(4, 512UL, 2)]
    [InlineData(5, 4096UL, 4)]
    public void A_file_is_what_was_done_to_it(int seed, ulong ramPages, int cpus)
    {
        using Pair pair = new(seed, ramPages, cpus);
        for (int step = 0; step < 1500; step++)
        {
            pair.Step();
            if (step % 25 == 0)
            {
                pair.Compare();
            }
        }

        pair.Compare();
        pair.End();
    }

    private sealed class Pair : IDisposable
    {
        private readonly Random _random;
        private readonly MmHarness _mm;
        private readonly BlockCount _blocks = new(0);
        private readonly MemContent _file;
        private readonly VirtAddr _shared;
        private readonly VirtAddr _copied;
        private readonly AddressSpace _child;

        // What the file holds, and what a private copy of a page holds where there is one.
        private readonly byte[] _bytes = new byte[Pages * 4096];
        private readonly Dictionary<int, byte[]> _copies = [];
        private int _size;

        public Pair(int seed, ulong ramPages, int cpus)
        {
            _random = new Random(seed);
            _mm = new MmHarness(new MmOptions { RamBytes = ramPages << 12, SwapPages = 200, Cpus = cpus });
            _file = new MemContent(_mm.Mem, new FileLabel("/file", 1, 0), _blocks);
            _file.Resize(Pages * 4096).ShouldBe(Refusal.None);
            _shared = Map(MapFlags.Shared);
            _child = _mm.Fork();
            _copied = Map(MapFlags.Private);
            for (int cpu = 1; cpu < cpus; cpu++)
            {
                _mm.Run(_child, cpu);
            }

            _file.Resize(0).ShouldBe(Refusal.None);
        }

        public void Step()
        {
            int at = _random.Next(Pages * 4096);
            int length = Math.Min(_random.Next(1, _random.Next(2) == 0 ? 100 : 9000), (Pages * 4096) - at);
            switch (_random.Next(12))
            {
                case < 3: Write(at, length); break;
                case 3: Resize(_random.Next(3) == 0 ? at & ~0xFFF : at); break;
                case 4: Punch(at, length); break;
                case < 7: Store(_shared, at); break;
                case < 9: Store(_copied, at); break;
                case 9: _file.Allocate((ulong)at, (ulong)length, keepSize: true).ShouldBe(Refusal.None); break;
                case 10: _mm.Reclaim((ulong)_random.Next(1, 30)); break;
                default: _mm.Age(); break;
            }
        }

        public void Compare()
        {
            byte[] read = new byte[_bytes.Length];
            _file.Read(0, read).Ok(out int count, out _).ShouldBeTrue();
            count.ShouldBe(_size);
            read.AsSpan(0, count).SequenceEqual(_bytes.AsSpan(0, _size)).ShouldBeTrue();
            for (int page = 0; page < Pages; page++)
            {
                bool inside = page << 12 < _size;
                ShouldShow(_shared, page, _bytes.AsSpan(page << 12, 4096), inside);
                ShouldShow(_copied, page, _copies.GetValueOrDefault(page) ?? _bytes.AsSpan(page << 12, 4096), inside);
            }

            _blocks.Used.ShouldBe(_file.HeldBytes >> 12);
            _mm.ShouldBeSound();
        }

        /// <summary>Nothing is left of a file that nobody has any more.</summary>
        public void End()
        {
            ExitSpace.TearDown(_mm.Mem, _child);
            _file.Unlinked();
            foreach (VirtAddr start in (VirtAddr[])[_shared, _copied])
            {
                Unmap.Range(_mm.Mem, _mm.Space, start, Pages * 4096).ShouldBe(Refusal.None);
            }

            _blocks.Used.ShouldBe(0UL);
            _mm.Mem.Swap.FreeSlots.ShouldBe(_mm.Mem.Swap.TotalSlots);
        }

        public void Dispose() => _mm.Dispose();

        private VirtAddr Map(MapFlags type)
        {
            MapRequest request = new() { LengthBytes = Pages * 4096, Prot = Prot.Read | Prot.Write, Flags = type, Backing = _file };
            MmuEmu.Kernel.Mm.Map.Place(_mm.Mem, _mm.Space, request).Ok(out VirtAddr start, out Errno errno).ShouldBeTrue($"{errno}");
            return start;
        }

        private void Write(int at, int length)
        {
            byte[] bytes = new byte[length];
            _random.NextBytes(bytes);
            _file.Write((ulong)at, bytes).Ok(out int written, out _).ShouldBeTrue();
            written.ShouldBe(length);
            bytes.CopyTo(_bytes, at);
            _size = Math.Max(_size, at + length);
        }

        private void Resize(int size)
        {
            _file.Resize((ulong)size).ShouldBe(Refusal.None);
            if (size < _size)
            {
                _bytes.AsSpan(size).Clear();
                foreach (int page in _copies.Keys.Where(page => page << 12 >= size).ToList())
                {
                    _copies.Remove(page);
                }
            }

            _size = size;
        }

        private void Punch(int at, int length)
        {
            _file.Punch((ulong)at, (ulong)length).ShouldBe(Refusal.None);
            _bytes.AsSpan(at, length).Clear();
        }

        /// <summary>A store through a mapping, by either space for the shared one.</summary>
        private void Store(VirtAddr start, int at)
        {
            bool byChild = start == _shared && _mm.Options.Cpus > 1 && _random.Next(2) == 0;
            Touched touched = _mm.Touch(start + (ulong)at, AccessKind.Write, byChild ? 1 : 0);
            touched.Ok.ShouldBe(at >> 12 << 12 < _size, $"{touched.Signal}");
            if (!touched.Ok)
            {
                return;
            }

            byte value = (byte)_random.Next(1, 256);
            _mm.Mem.Ram.WriteByte(touched.Where, value);
            if (start == _shared)
            {
                _bytes[at] = value;
                return;
            }

            if (!_copies.TryGetValue(at >> 12, out byte[]? copy))
            {
                copy = _bytes.AsSpan(at >> 12 << 12, 4096).ToArray();
                _copies[at >> 12] = copy;
            }

            copy[at & 0xFFF] = value;
        }

        private void ShouldShow(VirtAddr start, int page, ReadOnlySpan<byte> wanted, bool inside)
        {
            VirtAddr address = start + ((ulong)page << 12);
            if (!inside)
            {
                _mm.Touch(address).IsBusErrorAt(address).ShouldBeTrue();
                return;
            }

            _mm.ReadPage(address).AsSpan().SequenceEqual(wanted).ShouldBeTrue($"page {page}");
        }
    }
}
