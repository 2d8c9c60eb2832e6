using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Perf.Report;

namespace MmuEmu.Perf.Measure;

/// <summary>What the cycle model costs the host.</summary>
internal static class ModelMeasures
{
    private const int Operations = 200_000;

    public static IEnumerable<Row> Run(int rounds)
    {
        yield return Priced("priced load, first level", pages: 32, rounds);
        yield return Priced("priced load, one walk each", pages: 8192, rounds);
    }

    private static Row Priced(string name, int pages, int rounds)
    {
        using FlatTables tables = new(pages);
        Mmu mmu = new(tables.Ram, new MmuOptions { Geometry = MachinePresets.Zen5.Tlb }) { Mode = tables.Mode };
        CycleModel model = new(MachinePresets.Zen5);
        return new Row
        {
            Name = name,
            Value = Median.NanosecondsPer(Operations, rounds, () => Sweep(mmu, model, pages)),
            Unit = "ns",
            Note = "translation and CycleModel.Data, zen5",
        };
    }

    private static void Sweep(Mmu mmu, CycleModel model, int pages)
    {
        for (int i = 0; i < Operations; i++)
        {
            int page = i % pages;
            VirtAddr address = new(FlatTables.Start + ((ulong)page << 12) + ((ulong)((page + (page / 64)) % 64) << 6));
            if (!mmu.TryTranslate(new Access(address, AccessKind.Read, AccessOrigin.User), out Translated to, out _))
            {
                throw new InvalidOperationException("the tables of the measurement are wrong");
            }

            model.Data(mmu.LastOutcome, to.Address, 8, MemoryUse.Load);
        }
    }
}
