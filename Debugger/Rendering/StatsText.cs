using System.Globalization;
using MmuEmu.Emulator.Timing;
using MmuEmu.Kernel.Boot;

namespace MmuEmu.Debugger.Rendering;

/// <summary>The counters of a run, as <c>perf stat</c> prints them, and where the cycles went.</summary>
internal static class StatsText
{
    /// <summary>Writes the table.</summary>
    public static void Write(TextWriter writer, string guest, RunResult result)
    {
        CycleModel? model = result.Statistics.Timing;
        if (model is null)
        {
            return;
        }

        writer.WriteLine();
        writer.WriteLine($" Counters for '{guest}' on {model.Preset.Title}:");
        writer.WriteLine();
        foreach (PerfReading reading in PerfEvents.Read(model))
        {
            writer.WriteLine($"{Number(reading.Value),18}  {reading.Name,-44} # {reading.Note}");
        }

        writer.WriteLine($"{Number(result.Statistics.Syscalls),18}  {"syscalls",-44} # system calls made");
        writer.WriteLine($"{Number(result.Statistics.SignalsHandled),18}  {"signals",-44} # handlers entered");
        writer.WriteLine();
        WriteStack(writer, model);
    }

    private static void WriteStack(TextWriter writer, CycleModel model)
    {
        ulong total = model.Now.Count;
        CpiStack stack = model.Stack;
        writer.WriteLine(" Every cycle has one owner:");
        foreach (CpiBucket bucket in Enum.GetValues<CpiBucket>())
        {
            ulong cycles = stack[bucket].Count;
            if (cycles != 0)
            {
                string share = (100.0 * cycles / total).ToString("0.00", CultureInfo.InvariantCulture);
                writer.WriteLine($"{Number(cycles),18}  {bucket,-20} {share,6} %");
            }
        }

        writer.WriteLine($"{Number(stack.Total.Count),18}  {"total",-20} 100.00 %");
    }

    private static string Number(ulong value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
