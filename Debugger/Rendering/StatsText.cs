using System.Globalization;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Translation;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Rendering;

/// <summary>The counters of a run, as <c>perf stat</c> prints them, and where the cycles went.</summary>
internal static class StatsText
{
    /// <summary>Writes the table.</summary>
    public static void Write(TextWriter writer, string guest, RunResult result)
    {
        if (result.Statistics.Timing is not { } model)
        {
            return;
        }

        writer.WriteLine();
        writer.WriteLine($" Counters for '{guest}' on {model.Preset.Title}:");
        writer.WriteLine();
        foreach (PerfReading reading in Sums(result.Statistics))
        {
            writer.WriteLine($"{Number(reading.Value),18}  {reading.Name,-44} # {reading.Note}");
        }

        writer.WriteLine($"{Number(result.Statistics.Syscalls),18}  {"syscalls",-44} # system calls made");
        writer.WriteLine($"{Number(result.Statistics.SignalsHandled),18}  {"signals",-44} # handlers entered");
        writer.WriteLine();
        WriteProcessors(writer, result.Statistics.Cores);
        WriteStack(writer, Models(result.Statistics.Cores));
    }

    /// <summary>The counters of all processors, added up; none without timing.</summary>
    public static IEnumerable<PerfReading> Sums(RunStatistics statistics) => Models(statistics.Cores)
        .SelectMany(model => PerfEvents.Read(model).Concat(KernelPerfEvents.Read(model)))
        .GroupBy(reading => reading.Name)
        .Select(same => same.First() with { Value = same.Aggregate(0UL, (sum, reading) => sum + reading.Value) });

    private static List<CycleModel> Models(CoreSet cores) => [.. cores.All.Select(core => core.Clock).OfType<CycleModel>()];

    private static void WriteProcessors(TextWriter writer, CoreSet cores)
    {
        if (cores.Count == 1)
        {
            return;
        }

        writer.WriteLine(" Each processor:");
        writer.WriteLine($"{"instructions",18}  {"cycles",18}  {"page walks",14}  {"TLB flushes",14}");
        for (int i = 0; i < cores.Count; i++)
        {
            MmuCounters mmu = cores[i].Mmu.Counters;
            writer.WriteLine(
                $"{Number(cores[i].Retired),18}  {Number(cores[i].Clock?.Now.Count ?? 0),18}  {Number(mmu.Walks),14}  "
                + $"{Number(mmu.PageFlushes + mmu.Flushes),14}  cpu {i}");
        }

        writer.WriteLine();
    }

    private static void WriteStack(TextWriter writer, List<CycleModel> models)
    {
        ulong total = models.Aggregate(0UL, (sum, model) => sum + model.Now.Count);
        writer.WriteLine(" Every cycle has one owner:");
        foreach (CpiBucket bucket in Enum.GetValues<CpiBucket>())
        {
            ulong cycles = models.Aggregate(0UL, (sum, model) => sum + model.Stack[bucket].Count);
            if (cycles != 0)
            {
                string share = (100.0 * cycles / total).ToString("0.00", CultureInfo.InvariantCulture);
                writer.WriteLine($"{Number(cycles),18}  {bucket,-20} {share,6} %");
            }
        }

        ulong owned = models.Aggregate(0UL, (sum, model) => sum + model.Stack.Total.Count);
        writer.WriteLine($"{Number(owned),18}  {"total",-20} 100.00 %");
    }

    private static string Number(ulong value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
