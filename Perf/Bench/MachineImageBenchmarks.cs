using BenchmarkDotNet.Attributes;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Perf.Bench;

/// <summary>Host cost of saving and of restoring a machine with 1 GiB of RAM; budget: 2 ms for 1,000 pages, and 1 us for each beyond.</summary>
[MemoryDiagnoser]
public class MachineImageBenchmarks : IDisposable
{
    private const ulong RamFrames = 1UL << 18;
    private const ulong UsedFrames = 50_000;

    private PhysicalMemory _ram = null!;
    private CoreSet _cores = null!;
    private MachineImage _first = null!;
    private MachineImage _last = null!;
    private ulong _round;

    /// <summary>Pages written since the last image.</summary>
    [Params(0, 1_000, 10_000)]
    public int Pages { get; set; }

    /// <summary>Whether there is a clock with modelled caches.</summary>
    [Params(false, true)]
    public bool Clock { get; set; }

    /// <summary>Whether the pages lie in a row or all over RAM.</summary>
    [Params(false, true)]
    public bool Scattered { get; set; }

    [GlobalSetup]
    public void BuildMachine()
    {
        _ram = new PhysicalMemory(RamFrames << 12);
        _cores = new CoreSet(_ram, new MmuOptions { Geometry = MachinePresets.Zen5.Tlb }, 1);
        _cores[0].Clock = Clock ? new CycleModel(MachinePresets.Zen5) : null;
        for (ulong i = 0; i < UsedFrames; i++)
        {
            _ram.PageToWrite(FrameOf(i)).Fill((byte)(i | 1));
        }

        _first = _cores.Save();
        _last = _cores.Save(_first);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _first.Dispose();
        _last.Dispose();
        _cores.Dispose();
        _ram.Dispose();
        GC.SuppressFinalize(this);
    }

    [IterationSetup]
    public void WritePages()
    {
        _round++;
        for (ulong i = 0; i < (ulong)Pages; i++)
        {
            _ram.WriteUInt64(FrameOf(i).EntryAt((int)(i & 511)), _round);
        }
    }

    /// <summary>An image beside the last one, which is let go.</summary>
    [Benchmark]
    public MachineImage Save()
    {
        MachineImage image = _cores.Save(_last);
        _last.Dispose();
        return _last = image;
    }

    /// <summary>Back to an image; only the pages written since differ.</summary>
    [Benchmark]
    public void Restore() => _cores.Restore(_first);

    private Pfn FrameOf(ulong i) => new(Scattered ? i * 0x9E37 % RamFrames : i);
}
