using MmuEmu.Perf.Report;

namespace MmuEmu.Perf.Measure;

/// <summary>A minor fault from the guest's touch to the instruction's second try.</summary>
internal static class FaultMeasures
{
    private const int Pages = 20_000;

    public static IEnumerable<Row> Run(int rounds)
    {
        List<double> microseconds = [];
        string problem = "";
        for (int i = 0; i <= rounds + 1; i++)
        {
            if (GuestRun.Try("page-touch", [$"{Pages}"], out problem) is not { } many
                || GuestRun.Try("page-touch", ["1"], out problem) is not { } one)
            {
                break;
            }

            if (i > 0)
            {
                microseconds.Add((many.Seconds - one.Seconds) * 1e6 / (many.PageFaults - one.PageFaults));
            }
        }

        yield return new Row
        {
            Name = "minor fault",
            Value = problem.Length == 0 ? Median.Of(microseconds) : null,
            Unit = "us",
            Note = problem.Length == 0 ? $"page-touch {Pages} less page-touch 1, per fault; unmapping at the end included" : problem,
        };
    }
}
