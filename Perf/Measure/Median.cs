namespace MmuEmu.Perf.Measure;

/// <summary>Medians of repeated timings; on a shared machine the mean would tell of the neighbours.</summary>
internal static class Median
{
    /// <summary>Median of the values; at least one.</summary>
    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Processor nanoseconds per operation of <paramref name="batch"/>, which does <paramref name="operations"/> of them.</summary>
    /// <remarks>The first rounds are left out: they pay for compiling.</remarks>
    public static double NanosecondsPer(long operations, int rounds, Action batch)
    {
        for (int i = 0; i < 3; i++)
        {
            batch();
        }

        Thread.Sleep(150);                                  // lets the runtime finish compiling behind our back
        return Of(Enumerable.Range(0, (5 * rounds) + 4).Select(_ => Seconds(batch) * 1e9 / operations));
    }

    private static double Seconds(Action action)
    {
        double start = CpuTime.Now();
        action();
        return CpuTime.Now() - start;
    }
}
