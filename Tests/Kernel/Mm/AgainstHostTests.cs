using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Oracles;
using MapVerb = MmuEmu.Kernel.Mm.Map;
using RemapVerb = MmuEmu.Kernel.Mm.Remap;

namespace MmuEmu.Tests.Kernel.Mm;

/// <summary>The same random memory calls, good and bad, here and on the Linux that runs the tests: same results, same bytes, same refusals.</summary>
public sealed class AgainstHostTests
{
    public static bool HostAnswers => HostMemory.Present;

    [Theory(SkipUnless = nameof(HostAnswers), Skip = "the host is not x86-64 Linux")]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    public void Random_calls_end_as_on_the_host(int seed)
    {
        using Pair pair = new(seed);
        pair.Host.Free.ShouldBeTrue("something else lies in the window");
        for (int step = 0; step < 3000; step++)
        {
            pair.Step();
        }

        pair.CompareAll();
        pair.Mm.ShouldBeSound();
    }

    private sealed class Pair : IDisposable
    {
        private const int Window = 64;
        private const int FixedPrivateAnonymous = 0x32;
        private static readonly Prot[] Rights =
            [Prot.None, Prot.Read, Prot.Read | Prot.Write, Prot.Read | Prot.Write, Prot.Read | Prot.Exec, Prot.Read | Prot.Write | Prot.Exec];

        private static readonly int[] AdviceNumbers = [0, 1, 2, 4, 4, 4, 8, 10, 11, 16, 17, 99, 200];
        private readonly Random _random;
        private readonly ulong _base;
        private string _last = "nothing";

        public Pair(int seed)
        {
            _random = new Random(seed);
            _base = 0x11_0000_0000UL + ((ulong)seed << 24);
            Host = new HostMemory(_base, Window * 4096);
            Mm = new MmHarness();
        }

        public HostMemory Host { get; }

        public MmHarness Mm { get; }

        public void Step()
        {
            switch (_random.Next(20))
            {
                case < 5: Write(); break;
                case < 7: Read(AnyAddress()); break;
                case < 9: MapSome(); break;
                case < 11: UnmapSome(); break;
                case < 14: ProtectSome(); break;
                case < 16: AdviseSome(); break;
                case < 17: LockSome(); break;
                case < 19: RemapSome(); break;
                default: Mm.Reclaim((ulong)_random.Next(10)); break;
            }
        }

        public void CompareAll()
        {
            for (ulong page = 0; page < Window; page++)
            {
                Read(_base + (page * 4096));
                Read(_base + (page * 4096) + 4095);
            }
        }

        public void Dispose()
        {
            Host.Dispose();
            Mm.Dispose();
        }

        private ulong AnyAddress() => _base + (ulong)_random.Next(Window * 4096);

        /// <summary>A page mostly; now and then an address within one.</summary>
        private ulong AnyStart() => _random.Next(12) == 0 ? AnyAddress() : AnyAddress() & ~0xFFFUL;

        /// <summary>A length that mostly stays within the window; now and then 0, uneven, or absurd.</summary>
        private ulong AnyLength(ulong start)
        {
            ulong toEnd = _base + (Window * 4096) - start;
            return _random.Next(16) switch
            {
                0 => 0,
                1 => Math.Min((ulong)_random.Next(1, 9000), toEnd),
                2 => ulong.MaxValue - (ulong)_random.Next(10_000),
                _ => Math.Min((ulong)_random.Next(1, 12) << 12, toEnd),
            };
        }

        private void Same(long host, long here, string call)
        {
            _last = call;
            here.ShouldBe(host, call);
        }

        private void Write()
        {
            ulong address = AnyAddress();
            byte value = (byte)_random.Next(1, 256);
            Touched touched = Mm.Touch(new VirtAddr(address), AccessKind.Write);
            if (touched.Ok)
            {
                Mm.Mem.Ram.WriteByte(touched.Where, value);
            }

            touched.Ok.ShouldBe(Host.Write(address, value), $"write at {address:x} after {_last}: {touched}, {Mm.Space.FindVma(new VirtAddr(address))}");
        }

        private void Read(ulong address)
        {
            Touched touched = Mm.Touch(new VirtAddr(address), AccessKind.Read);
            byte? here = touched.Ok ? Mm.Mem.Ram.ReadByte(touched.Where) : null;
            here.ShouldBe(Host.Read(address), $"read at {address:x} after {_last}");
        }

        private void MapSome()
        {
            (ulong start, Prot prot) = (AnyStart(), Rights[_random.Next(Rights.Length)]);
            ulong length = AnyLength(start);
            int flags = _random.Next(8) switch
            {
                0 => 0x20,
                1 => FixedPrivateAnonymous | 0x10_0000,
                2 => FixedPrivateAnonymous | 0x8000,
                _ => FixedPrivateAnonymous,
            };
            MapRequest request = new() { Address = new VirtAddr(start), LengthBytes = length, Prot = prot, Flags = (MapFlags)flags };
            Result<VirtAddr> result = MapVerb.Place(Mm.Mem, Mm.Space, request);
            long here = result.Ok(out VirtAddr at, out Errno errno) ? (long)at.Raw : -(long)errno;
            Same(Host.Map(start, length, (int)prot, flags), here, $"mmap({start:x}, {length:x}, {prot}, {flags:x})");
        }

        private void UnmapSome()
        {
            ulong start = AnyStart();
            ulong length = AnyLength(start);
            Errno here = Unmap.Range(Mm.Mem, Mm.Space, new VirtAddr(start), length).Errno;
            Same(Host.Unmap(start, length), -(long)here, $"munmap({start:x}, {length:x})");
        }

        private void ProtectSome()
        {
            ulong start = AnyStart();
            ulong length = AnyLength(start);
            Prot prot = _random.Next(20) == 0 ? (Prot)0x40 : Rights[_random.Next(Rights.Length)];
            Errno here = Protect.Change(Mm.Mem, Mm.Space, new ProtectRequest(new VirtAddr(start), length, prot)).Errno;
            Same(Host.Protect(start, length, (int)prot), -(long)here, $"mprotect({start:x}, {length:x}, {prot})");
        }

        private void AdviseSome()
        {
            ulong start = AnyStart();
            ulong length = AnyLength(start);
            int advice = AdviceNumbers[_random.Next(AdviceNumbers.Length)];
            if (advice == 8)
            {
                // Whether the pages survive is each kernel's own choice, so they are dropped for good right after.
                Errno free = Advise.Range(Mm.Mem, Mm.Space, new AdviseRequest(new VirtAddr(start), length, Advice.Free)).Errno;
                Same(Host.Advise(start, length, advice), -(long)free, $"madvise({start:x}, {length:x}, {advice})");
                advice = 4;
            }

            Errno here = Advise.Range(Mm.Mem, Mm.Space, new AdviseRequest(new VirtAddr(start), length, (Advice)advice)).Errno;
            Same(Host.Advise(start, length, advice), -(long)here, $"madvise({start:x}, {length:x}, {advice})");
        }

        private void LockSome()
        {
            ulong start = AnyStart();
            ulong length = AnyLength(start);
            Errno here = MemoryLock.Range(Mm.Mem, Mm.Space, new VirtAddr(start), length).Errno;
            Same(Host.Lock(start, length), -(long)here, $"mlock({start:x}, {length:x})");
            if (_random.Next(3) > 0)
            {
                here = MemoryLock.Release(Mm.Mem, Mm.Space, new VirtAddr(_base), Window * 4096).Errno;
                Same(Host.Unlock(_base, Window * 4096), -(long)here, "munlock of everything");
            }
        }

        private bool InOneMapping(ulong start, ulong length)
        {
            ulong end = unchecked(start + VirtRange.PageAlign(length));
            bool here = Mm.Space.FindVma(new VirtAddr(start)) is not { } vma || end <= vma.End.Raw;
            return end >= start && here && HostMemory.InOneMapping(start, end);
        }

        private void RemapSome()
        {
            (ulong old, ulong target) = (AnyStart(), AnyStart());
            (ulong oldLength, ulong newLength) = (AnyLength(old), AnyLength(target));
            int flags = _random.Next(6) switch { 0 => 0, 1 => 2, 2 => 8, _ => 3 };
            if ((oldLength != newLength || flags == 3) && !InOneMapping(old, oldLength))
            {
                // Since 6.17 Linux moves several mappings at once; it joins fewer neighbours than one might; and it
                // looks at old lengths that wrap in another order in every few versions.
                return;
            }

            RemapRequest request = new(new VirtAddr(old), oldLength, newLength, (RemapFlags)flags, new VirtAddr(target));
            Result<VirtAddr> result = RemapVerb.Move(Mm.Mem, Mm.Space, request);
            long here = result.Ok(out VirtAddr at, out Errno errno) ? (long)at.Raw : -(long)errno;
            Same(Host.Remap(old, oldLength, newLength, flags, target), here, $"mremap({old:x}, {oldLength:x}, {newLength:x}, {flags}, {target:x})");
        }
    }
}
