using System.Globalization;
using MmuEmu.Perf.Report;

namespace MmuEmu.Perf.Measure;

/// <summary>What ways through a run cost in the native program: a script with them and one without, and the difference.</summary>
internal static class TravelMeasures
{
    private const int Repeats = 20;

    /// <summary>Guest arguments: about 10 million instructions, and a billion.</summary>
    private const string Ten = "17000";
    private const string Thousand = "1130000";

    /// <summary>Near the end of the shorter run, where the program is about to leave.</summary>
    private const string Late = "seek 10358480";

    private static readonly (string Name, string Count, string[] Before, string[] Measured, int Times, double MostMilliseconds)[] Ways =
    [
        ("10 M: first seek to the end, explored on the way", Ten, [], ["seek end"], 1, 300),
        ("10 M: seek anywhere, explored before", Ten, [Late], ["seek 5179240", "seek 1", "seek 9000000", "seek 2589620"], 1, 300),
        ("1 G: first seek to the end, explored on the way", Thousand, [], ["seek end"], 1, double.NaN),
        ("1 G: seek anywhere, explored before", Thousand, ["seek end"], ["seek 500000000", "seek 1", "seek 900000000", "seek 250000000"], 1, 2000),
        ("10 M: last change of an entry", Ten, [Late], ["last pte $rsp"], 1, 50),
        ("10 M: last change of a byte that none changed", Ten, [Late], ["last 0x404000 8"], 1, 1000),
        ("10 M: reverse-continue to a breakpoint at the begin", Ten, [Late, "break main"], ["rc"], 1, 1000),
        ("10 M: reverse-continue, a watchpoint never met", Ten, [Late, "watch phys:0x100000"], ["rc"], 1, 1000),
        ("an instruction back, the first", Ten, [Late], ["rsi"], 1, 50),
        ("an instruction back", Ten, [Late, "rsi"], ["rsi"], Repeats, 50),
        ("an instruction on", Ten, ["seek 5179240", "si"], ["si"], Repeats, 50),
        ("a micro-step back", Ten, ["run to syscall write"], ["ru"], Repeats, 20),
        ("a micro-step on", Ten, [], ["u"], Repeats, 20),
    ];

    /// <summary>The rows; with a note where there is no native program.</summary>
    public static IEnumerable<Row> Run(int rounds)
    {
        foreach ((string name, string count, string[] before, string[] measured, int times, double most) in Ways)
        {
            string[] repeated = [.. Enumerable.Repeat(measured, times).SelectMany(commands => commands)];
            double? without = Milliseconds(count, before, rounds);
            double? with = Milliseconds(count, [.. before, .. repeated], rounds);
            yield return new Row
            {
                Name = name,
                Value = with is { } all && without is { } start ? Math.Max(all - start, 0) / repeated.Length : null,
                Unit = "ms",
                Target = double.IsNaN(most) ? null : new Target(Better.Lower, most),
                Note = Command.Native is null ? Command.HowToPublish : with is null || without is null ? "the script does not end well" : "",
            };
        }

        yield return Recording(rounds, "a short program", "simd-text", []);
        yield return Recording(rounds, "300 M instructions", "sieve", ["20000000"]);
    }

    /// <summary>Least processor time of a script on the run of <c>collatz COUNT</c>.</summary>
    private static double? Milliseconds(string count, string[] commands, int rounds)
    {
        string script = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(script, ["where", .. commands]);
            return Least(rounds, () => Command.Native is null ? null : HostProcess.TryTime(Command.Native, "debug", "-x", script, "collatz", count)) * 1000;
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static Row Recording(int rounds, string name, string guest, string[] arguments)
    {
        string file = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"mmuemu-{Environment.ProcessId}.mmurec"));
        double? plain = Least(rounds, () => Command.TryTimeNative(["-q", guest, .. arguments]));
        double? recorded = Least(rounds, () => Command.TryTimeNative(["-q", "--record", file, guest, .. arguments]));
        long bytes = File.Exists(file) ? new FileInfo(file).Length : 0;
        File.Delete(file);
        return new Row
        {
            Name = $"run --record of {name}, times without",
            Value = recorded / plain,
            Unit = "x",
            Target = new Target(Better.Lower, 1.5),
            Note = recorded is null ? Command.HowToPublish : string.Create(CultureInfo.InvariantCulture, $"{guest}: {plain * 1000:0} and {recorded * 1000:0} ms; {bytes >> 10} KiB written"),
        };
    }

    private static double? Least(int rounds, Func<ProcessTimes?> measure)
    {
        double? least = null;
        for (int i = 0; i < rounds; i++)
        {
            if (measure() is { } taken)
            {
                least = Math.Min(least ?? double.MaxValue, taken.Processor);
            }
        }

        return least;
    }
}
