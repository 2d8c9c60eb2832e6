using System.Text;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Kernel.Abi;
using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.Timing;

/// <summary><c>docs/machine-presets.md</c> is the tables of the Timing floor, printed.</summary>
public sealed class TimingDocumentTests
{
    [Fact]
    public void The_document_prints_the_presets_and_prices_as_the_code_has_them() =>
        GoldenFile.CheckAt(Path.Combine("docs", "machine-presets.md"), Document());

    private static string Document()
    {
        StringBuilder text = new();
        text.Append("# Machine presets and prices\n\n");
        text.Append("Printed from the tables in `Emulator/Timing` by the tests. The source of each number stands beside it there:\n");
        text.Append("[M] measured, [D] read in vendor or tool data, [A] published, [K] known, (a) assumed.\n\n");
        text.Append("Without `--preset` the vendor of `--cpu` decides. Another maker's preset runs as well, and is told once on stderr: CPUID then describes\n");
        text.Append("its caches and TLBs in the leaves of the vendor ([cpu-models.md](cpu-models.md)).\n\n");
        AppendPresets(text);
        AppendInstructions(text);
        AppendKernel(text);
        return text.ToString();
    }

    private static void AppendPresets(StringBuilder text)
    {
        text.Append("## Presets\n\n");
        AppendRow(text, "", p => $"`{p.Name}`");
        AppendRow(text, "---", _ => "---");
        AppendRow(text, "models", p => p.Title);
        AppendRow(text, "without --preset, for", p => string.Join(", ", Enum.GetValues<CpuVendor>().Where(v => CpuModels.Default.MadeBy(v).DefaultPreset == p).Select(v => $"`vendor={v.ToString().ToLowerInvariant()}`")));
        AppendRow(text, "L1 DTLB", p => Describe(p.Tlb.Data));
        AppendRow(text, "L1 ITLB", p => Describe(p.Tlb.Code));
        AppendRow(text, "L2 TLB", p => Describe(p.Tlb.Second));
        AppendRow(text, "PDE / PDPTE / PML4E caches", p =>
            $"{p.Tlb.Psc.Pde.Entries} / {p.Tlb.Psc.Pdpte.Entries} / {p.Tlb.Psc.Pml4e.Entries}");
        AppendRow(text, "L1D", p => Describe(p.Caches.Data));
        AppendRow(text, "L1I", p => Describe(p.Caches.Code));
        AppendRow(text, "L2", p => Describe(p.Caches.Second));
        AppendRow(text, "L3", p => $"{Describe(p.Caches.Third)}, filled {(p.Caches.ThirdFill == ThirdLevelFill.OnMiss ? "on a miss" : "with victims")}");
        AppendRow(text, "memory, cycles", p => $"{p.Caches.MemoryCycles}");
        AppendRow(text, "L2 TLB look-up, cycles", p => $"{p.Translation.SecondTlb}");
        AppendRow(text, "walk: start, step, cycles", p => $"{p.Translation.WalkBase}, {p.Translation.WalkStep}");
        AppendRow(text, "walker reads enter at", p => $"{p.Translation.Port}");
        AppendRow(text, "A/D assist, cycles", p => $"{p.Translation.AdAssist}");
        AppendRow(text, "counter names", p => $"{p.Counters}");
        text.Append('\n');
    }

    private static void AppendInstructions(StringBuilder text)
    {
        text.Append("## Cycles per instruction class\n\nA load adds the latency of the cache that serves it.\n\n");
        text.Append("| class | skylake | golden-cove | zen5 | source |\n|---|---|---|---|---|\n");
        foreach (InstructionCostRow row in InstructionCosts.Rows)
        {
            text.Append($"| {row.Class} | {row.Skylake} | {row.GoldenCove} | {row.Zen5} | {row.Note} |\n");
        }

        text.Append('\n');
    }

    private static void AppendKernel(StringBuilder text)
    {
        text.Append("## Cycles per path\n\nFirst what the processor does besides instructions, then what the kernel does. Lines that a path touches are priced apart, through the caches.\n\n");
        text.Append("| path | cycles | bucket | source |\n|---|---|---|---|\n");
        foreach (HardwareCostRow row in HardwareCosts.Rows)
        {
            text.Append($"| {row.Path} | {row.Cycles} | {row.Bucket} | {row.Note} |\n");
        }

        foreach (KernelCostRow row in KernelCosts.Rows)
        {
            text.Append($"| {row.Path} | {row.Cycles} | {row.Bucket} | {row.Note} |\n");
        }
    }

    private static void AppendRow(StringBuilder text, string title, Func<MachinePreset, string> cell) =>
        text.Append($"| {title} | {string.Join(" | ", MachinePresets.All.Select(cell))} |\n");

    private static string Describe(IReadOnlyList<TlbShape> shapes) =>
        shapes.Count == 0 ? "none" : string.Join("; ", shapes.Select(Describe));

    private static string Describe(TlbShape shape) =>
        $"{Names(shape.Sizes)}: {shape.Entries}{(shape.Ways == shape.Entries ? " fully associative" : $" {shape.Ways}-way")}";

    private static string Names(TlbSizes sizes) => sizes == TlbSizes.All ? "all sizes" : string.Join("+",
        from size in new[] { TlbSizes.Size4K, TlbSizes.Size2M, TlbSizes.Size1G }
        where sizes.HasFlag(size)
        select $"{size}"[4..]);

    private static string Describe(CacheGeometry cache) => $"{cache.Kibibytes} KiB {cache.Ways}-way, {cache.Cycles} cycles";
}
