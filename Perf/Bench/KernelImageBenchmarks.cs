using BenchmarkDotNet.Attributes;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Setup;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Perf.Bench;

/// <summary>Host cost of saving and of restoring what the kernel keeps of memory: 1 GiB of RAM, 100,000 resident pages; budget: 1 ms for 1,000 changed pages.</summary>
[MemoryDiagnoser]
public class KernelImageBenchmarks : IDisposable
{
    private const ulong RamBytes = 1UL << 30;
    private const ulong Resident = 100_000;

    private PhysicalMemory _ram = null!;
    private MemorySystem _mem = null!;
    private AddressSpace _space = null!;
    private VirtAddr _start;
    private KernelImage _first = null!;
    private KernelImage _last = null!;

    /// <summary>Pages that changed since the last image.</summary>
    [Params(0, 1_000, 10_000)]
    public int Pages { get; set; }

    /// <summary>Whether the pages lie in a row or all over.</summary>
    [Params(false, true)]
    public bool Scattered { get; set; }

    [GlobalSetup]
    public void BuildMemory()
    {
        _ram = new PhysicalMemory(RamBytes);
        _mem = MemorySetup.Build(new MemoryConfig { Ram = _ram, Profile = KernelProfile.Default, SwapPages = 4096 });
        _space = NewSpace.Create(_mem).Ok(out AddressSpace? space, out _) ? space : throw new InvalidOperationException("no space");
        MapRequest request = new() { LengthBytes = Resident << 12 };
        _ = Map.Place(_mem, _space, request).Ok(out _start, out _);
        for (ulong page = 0; page < Resident; page++)
        {
            Fill(page);
        }

        _first = KernelImage.Of(_mem, null);
        _last = KernelImage.Of(_mem, _first);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _ram.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Pages go away and come back, as a program makes them.</summary>
    [IterationSetup(Target = nameof(Save))]
    public void ChangePages()
    {
        for (ulong i = 0; i < (ulong)Pages; i++)
        {
            ulong page = PageOf(i);
            _ = Advise.Range(_mem, _space, new AdviseRequest(_start + (page << 12), 4096, Advice.DontNeed));
            Fill(page);
        }
    }

    /// <summary>Page tables in RAM are not restored here, so the records alone change.</summary>
    [IterationSetup(Target = nameof(Restore))]
    public void ChangeRecords()
    {
        for (ulong i = 0; i < (ulong)Pages; i++)
        {
            _mem.Frames[_mem.Editor.Find(_space.Tables, _start + (PageOf(i) << 12)).Entry.Frame].RefCount++;
        }
    }

    /// <summary>An image beside the last one.</summary>
    [Benchmark]
    public object Save() => _last = KernelImage.Of(_mem, _last);

    /// <summary>Back to an image; only the pages changed since differ.</summary>
    [Benchmark]
    public void Restore() => _first.Restore();

    private ulong PageOf(ulong i) => Scattered ? i * 7919 % Resident : i;

    private void Fill(ulong page)
    {
        if (_mem.Filler!.Fill(_space, _start + (page << 12), AccessKind.Write) != Errno.None)
        {
            throw new InvalidOperationException("no memory");
        }
    }
}
