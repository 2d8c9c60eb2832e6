using BenchmarkDotNet.Attributes;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Perf.Measure;

namespace MmuEmu.Perf.Bench;

/// <summary>Host cost of one translation by where it is answered, with and without a price. Budget: a hit under 3 ns, 0 B.</summary>
[MemoryDiagnoser]
public class TranslationBenchmarks : IDisposable
{
    private FlatTables _tables = null!;
    private Mmu _mmu = null!;
    private CycleModel _model = null!;
    private ulong _next;

    /// <summary>Pages in turn: the first level holds 16, the second 1024, and without caching every access walks.</summary>
    [Params(16, 1024, 8192)]
    public int Pages { get; set; }

    [GlobalSetup]
    public void BuildTables()
    {
        _tables = new FlatTables(Pages);
        _mmu = new Mmu(_tables.Ram, new MmuOptions { Geometry = MachinePresets.Zen5.Tlb }) { Mode = _tables.Mode };
        _model = new CycleModel(MachinePresets.Zen5);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _tables.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public bool Translate() => _mmu.TryTranslate(Next(), out _, out _);

    [Benchmark]
    public bool TranslateAndPrice()
    {
        bool passed = _mmu.TryTranslate(Next(), out Translated to, out _);
        _model.Data(_mmu.LastOutcome, to.Address, 8, MemoryUse.Load);
        return passed;
    }

    private Access Next()
    {
        _next = (_next + 1) & (ulong)(Pages - 1);
        return new Access(new VirtAddr(FlatTables.Start + (_next << 12)), AccessKind.Read, AccessOrigin.User);
    }
}
