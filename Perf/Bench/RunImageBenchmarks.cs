using BenchmarkDotNet.Attributes;
using MmuEmu.Guests;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;

namespace MmuEmu.Perf.Bench;

/// <summary>Host cost of saving and of restoring a whole run: a program with 1 GiB of RAM that touches fresh pages; budget: 2 ms for 1,000 pages, and 1 us for each beyond.</summary>
[MemoryDiagnoser]
public class RunImageBenchmarks : IDisposable
{
    // What the program does for a page, its faults apart.
    private const ulong InstructionsPerPage = 4;
    private const ulong Resident = 60_000;
    private const string AllPages = "120000";

    private MiniKernel _kernel = null!;
    private RunImage _first = null!;
    private RunImage? _last;

    /// <summary>Pages that the program touched since the last image.</summary>
    [Params(0, 1_000, 10_000)]
    public int Pages { get; set; }

    [GlobalSetup]
    public void RunHalf()
    {
        const string Guest = "page-touch";
        string path = GuestCatalogue.TryFindFile(Guest, out string? file) ? file : throw new InvalidOperationException($"no guest {Guest}");
        KernelOptions options = new() { Program = path, Arguments = [Guest, AllPages], RamBytes = 1UL << 30 };
        _kernel = KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure) ? kernel : throw new InvalidOperationException(failure.ToString());
        _ = _kernel.Run(StopAt.Time(Resident * InstructionsPerPage));
        _first = _kernel.Save();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _last?.Dispose();
        _first.Dispose();
        _kernel.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>From the first image on, some pages further.</summary>
    [IterationSetup]
    public void GoOn()
    {
        _last?.Dispose();
        _last = null;
        _kernel.Restore(_first);
        _ = _kernel.Run(StopAt.Time(_first.Time + ((ulong)Pages * InstructionsPerPage)));
    }

    /// <summary>An image beside the first one.</summary>
    [Benchmark]
    public RunImage Save() => _last = _kernel.Save(_first);

    /// <summary>Back to the first image.</summary>
    [Benchmark]
    public void Restore() => _kernel.Restore(_first);
}
