using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;
using MapVerb = MmuEmu.Kernel.Mm.Map;
using RemapVerb = MmuEmu.Kernel.Mm.Remap;

namespace MmuEmu.Tests.Kernel.State;

/// <summary>Little RAM with much going on: spaces, forks, marks, purges, swap, files; a number says what, and the same number says the same again.</summary>
internal sealed class RandomVerbs : IDisposable
{
    private const ulong Base = 0x10_0000_0000 >> 12;
    private readonly int _window = 300;
    private readonly VrangeHarness _vrange;
    private readonly MemContent _file;
    private readonly MemContent _area;
    private readonly HostContent _hostFile;
    private readonly List<string> _told = [];
    private Random _random = new(0);

    public RandomVerbs(ulong ramPages = 512, int cpus = 1, HugeMode huge = HugeMode.Never)
    {
        _window = huge == HugeMode.Never ? 300 : 2000;
        _vrange = new VrangeHarness(new MmOptions
        {
            RamBytes = ramPages << 12,
            SwapPages = 3000,
            Cpus = cpus,
            Profile = KernelProfile.Default with { Thp = huge, HugePages = huge == HugeMode.Never ? 0 : 2 },
        });
        _file = new MemContent(Mem, "file");
        _area = new MemContent(Mem, "area");
        _area.Opened();
        string path = typeof(RandomVerbs).Assembly.Location;
        _hostFile = new HostContent(Mem, HostDisk.Real, new OpenedHostFiles(), new HostFile("host", path), (ulong)new FileInfo(path).Length);
    }

    public MmHarness Mm => _vrange.Mm;

    public MmuEmu.Kernel.Memory.MemorySystem Mem => Mm.Mem;

    private AddressSpace Space => Mm.Current();

    /// <summary>All there is: the kernel's side, RAM, MMUs.</summary>
    public Image Save(Image? last = null) =>
        new(KernelImage.Of(Mem, last?.Kernel), Mem.Ram.Save(), [.. Mmus().Select(mmu => mmu.Save(null))], Digest());

    public void Restore(Image image)
    {
        image.Kernel.Restore();
        Mem.Ram.Restore(image.Ram);
        foreach ((Mmu mmu, MmuImage saved) in Mmus().Zip(image.Mmus))
        {
            mmu.Restore(saved);
        }

        Digest().ShouldBe(image.Digest);
    }

    /// <summary>Does <paramref name="steps"/> things; what happened, as text.</summary>
    public List<string> Do(int seed, int steps)
    {
        _random = new Random(seed);
        _told.Clear();
        Mm.Events.Clear();
        Mm.Flushes.Clear();
        Mm.Run(Mem.Spaces[0]);
        for (int step = 0; step < steps; step++)
        {
            Step();
        }

        _told.AddRange(Mm.Events.Select(happened => happened.ToString()));
        _told.AddRange(Mm.Flushes.Select(flush => flush.ToString()));
        return [.. _told];
    }

    public void Dispose() => _vrange.Dispose();

    private static VirtAddr Va(ulong page) => new(page << 12);

    private IEnumerable<Mmu> Mmus() => Enumerable.Range(0, Mm.Options.Cpus).Select(Mm.Mmu);

    private string Digest() => Convert.ToHexString(RamDigest.Of(Mem));

    private void Step()
    {
        switch (_random.Next(100))
        {
            case < 40: Touch(); break;
            case < 46: MapSome(); break;
            case < 50: MapFile(); break;
            case < 54: ChangeFile(); break;
            case < 57: Tell(Unmap.Range(Mem, Space, AnyRange(30, out ulong count), count << 12)); break;
            case < 60: Tell(Protect.Change(Mem, Space, new ProtectRequest(AnyRange(30, out ulong some), some << 12, (Prot)_random.Next(4)))); break;
            case < 64: ForkOff(); break;
            case < 70: Mm.Run(Mem.Spaces[_random.Next(Mem.Spaces.Count)]); break;
            case < 72: End(); break;
            case < 75: Tell(Advise.Range(Mem, Space, new AdviseRequest(AnyRange(30, out ulong few), few << 12, Advice.DontNeed))); break;
            case < 80: Tell(Advise.Range(Mem, Space, new AdviseRequest(AnyRange(30, out ulong free), free << 12, Advice.Free))); break;
            case < 86: Mark(); break;
            case < 88: Unmark(); break;
            case < 89: Tell(_window > 300 ? Advise.Range(Mem, Space, new AdviseRequest(AnyRange(30, out ulong all), all << 12, Advice.Collapse)) : 0); break;
            case < 91: Move(); break;
            case < 97: Tell(Mm.Reclaim((ulong)_random.Next(1, 40))); break;
            default: Mm.Age(); break;
        }
    }

    private void Tell(object what) => _told.Add($"{what}");

    private VirtAddr AnyRange(int most, out ulong count)
    {
        count = (ulong)_random.Next(1, most);
        ulong page = (ulong)_random.Next(_window);
        if (_window > 300 && most > 12 && _random.Next(2) == 0)
        {
            (page, count) = (page & ~511UL, 512);
        }

        return Va(Base + page);
    }

    private VirtRange Any(int most)
    {
        VirtAddr start = AnyRange(most, out ulong count);
        return VirtRange.Of(start, count << 12);
    }

    private void Touch()
    {
        VirtRange range = Any(12);
        bool writes = _random.Next(2) == 0;
        for (VirtAddr at = range.Start; at.Raw < range.End.Raw; at += 4096)
        {
            Touched touched = Mm.Touch(at, writes ? AccessKind.Write : AccessKind.Read, _random.Next(1));
            Tell(touched);
            if (touched.Ok && writes)
            {
                Mem.Ram.WriteByte(touched.Where, (byte)_random.Next(256));
            }
        }
    }

    private void MapSome()
    {
        VirtRange range = Any(40);
        Mm.Map(range.PageCount, at: range.Start.Raw);
    }

    private void MapFile()
    {
        VirtRange range = Any(20);
        bool ofHost = _random.Next(2) == 0;
        MapRequest request = new()
        {
            Address = range.Start,
            LengthBytes = range.LengthBytes,
            Flags = MapFlags.Fixed | (ofHost || _random.Next(2) == 0 ? MapFlags.Private : MapFlags.Shared),
            Backing = ofHost ? _hostFile : _random.Next(4) == 0 ? _area : _file,
            PageOffset = (ulong)_random.Next(30),
        };
        Tell(MapVerb.Place(Mem, Space, request).Ok(out VirtAddr at, out Errno errno) ? at : errno);
    }

    private void ChangeFile()
    {
        byte[] bytes = new byte[_random.Next(1, 20_000)];
        _random.NextBytes(bytes);
        _ = _area.Write((ulong)_random.Next(60_000), bytes);
        Tell(_random.Next(4) == 0 ? _file.Resize((ulong)_random.Next(60_000))
            : _file.Write((ulong)_random.Next(60_000), bytes).Ok(out int written, out Errno errno) ? written : errno);
        if (_random.Next(3) == 0)
        {
            // A file of a moment: its pages come and go.
            MemContent other = new(Mem, "other");
            other.Opened();
            _ = other.Write(0, bytes);
            other.Unlinked();
            other.Closed();
        }
    }

    private void ForkOff()
    {
        if (Mem.Spaces.Count < 5)
        {
            Tell(Fork.Copy(Mem, Space).Ok(out AddressSpace? child, out Errno errno) ? child.Tag : errno);
        }
    }

    private void End()
    {
        if (Mem.Spaces.Count > 1)
        {
            AddressSpace space = Space;
            Mm.Run(Mem.Spaces.First(other => other != space));
            ExitSpace.TearDown(Mem, space);
        }
    }

    private void Mark()
    {
        if (_random.Next(3) > 0)
        {
            Tell(_vrange.Purger.RangesOf(Space).Mark(Any(20)));
            return;
        }

        (ulong offset, ulong length) = ((ulong)_random.Next(40) << 12, (ulong)_random.Next(1, 20) << 12);
        Tell(FileToMark().Mark(offset, length));
    }

    private void Unmark()
    {
        if (_random.Next(3) > 0)
        {
            Tell((_vrange.Purger.RangesOf(Space).Unmark(Any(20), out bool purged), purged));
            return;
        }

        (ulong offset, ulong length) = ((ulong)_random.Next(40) << 12, (ulong)_random.Next(1, 20) << 12);
        Tell((FileToMark().Unmark(offset, length, out bool lost), lost));
    }

    /// <summary>A file of memory, one of the host, or an area with pins.</summary>
    private IVolatileFile FileToMark() => _random.Next(3) switch
    {
        0 => _vrange.Purger.RangesOf(_hostFile),
        1 => _vrange.Purger.PinsOf(_area),
        _ => _vrange.Purger.RangesOf(_file),
    };

    private void Move()
    {
        VirtRange from = Any(20);
        VirtAddr to = AnyRange(20, out _);
        RemapRequest request = new(from.Start, from.LengthBytes, from.LengthBytes, RemapFlags.MayMove | RemapFlags.Fixed, to);
        Tell(RemapVerb.Move(Mem, Space, request).Ok(out VirtAddr at, out Errno errno) ? at : errno);
    }

    /// <summary>One moment of it.</summary>
    internal sealed record Image(KernelImage Kernel, RamImage Ram, MmuImage[] Mmus, string Digest);
}
