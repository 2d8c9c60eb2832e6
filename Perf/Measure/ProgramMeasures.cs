using MmuEmu.Guests;
using MmuEmu.Perf.Report;

namespace MmuEmu.Perf.Measure;

/// <summary>Whole programs: the native program beside the managed command, the host itself and qemu-user, in one run.</summary>
internal static class ProgramMeasures
{
    /// <summary>Most of the managed command's time that the native program should take for short programs.</summary>
    private const double MostOfManaged = 0.7;

    /// <summary>Most resident memory of the shortest run, in MiB.</summary>
    private const double MostMebibytes = 20;

    public static int Print(int rounds)
    {
        WholeProgramReport report = new(Console.Out);
        report.Begin();
        double start = Hello(report, rounds);
        Group(report, "short", program => program.Short, rounds, MostOfManaged, start);
        Group(report, "long", program => program.Long, rounds, 1, start);
        return report.End();
    }

    /// <returns>Processor seconds that the native program takes to start and to end.</returns>
    private static double Hello(WholeProgramReport report, int rounds)
    {
        if (!GuestCatalogue.TryFindFile("hello", out string? hello))
        {
            report.Say("hello is not beside this program");
            return 0;
        }

        SideBySide times = SideBySide.Measure(hello, [], (4 * rounds) + 3, taken => taken.Wall);
        report.Add("hello (wall time)", times, verdict: Verdict(times.Native, times.Qemu, "qemu"));
        double? mebibytes = Command.Native is null ? null : HostProcess.TryPeakMebibytes(Command.Native, "run", hello);
        report.Say(mebibytes is { } some
            ? $"hello: {some:0.0} MiB resident at most, {Verdict(some, MostMebibytes, $"{MostMebibytes} MiB")}"
            : "hello: resident memory is told where GNU time is: apt-get install time");
        return Command.Native is null ? 0 : Median.Of(Enumerable.Range(0, 5).Select(_ => Command.TryTimeNative([hello])?.Processor ?? 0));
    }

    private static void Group(WholeProgramReport report, string name, Func<MeasuredProgram, ulong> size, int rounds, double mostOfManaged, double start)
    {
        List<double> ofManaged = [];
        foreach (MeasuredProgram program in ProgramTable.Rows)
        {
            ulong count = size(program);
            string file = Path.Combine(AppContext.BaseDirectory, "programs", program.Name);
            SideBySide times = SideBySide.Measure(file, [$"{count}"], rounds, taken => taken.Processor);
            if (times.Native / times.Managed is { } ratio)
            {
                ofManaged.Add(ratio);
            }

            bool judged = count == (program.IsJudgedShort ? program.Short : program.Long);
            double? each = program.CountsEvents ? (times.Native - start) * 1e6 / count : null;
            string verdict = judged && program.MostMicroseconds is { } us ? Verdict(each, us, $"{us} us each")
                : judged && program.MostTimesNative is { } most ? Verdict(times.Native, most * times.Linux, $"{most} x native")
                : "";
            report.Add($"{program.Name} {count}", times, each, verdict);
        }

        if (ofManaged.Count > 0)
        {
            double mean = Math.Exp(ofManaged.Average(Math.Log));
            report.Say($"{name} programs: {mean:0.00} of the managed command's time (geometric mean), {Verdict(mean, mostOfManaged, $"{mostOfManaged}")}");
        }
    }

    private static string Verdict(double? measured, double? most, string words) =>
        measured is null || most is null ? "" : measured <= most ? $"<= {words}: met" : $"<= {words}: MISSED";
}
