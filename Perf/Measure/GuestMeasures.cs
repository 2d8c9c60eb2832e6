using MmuEmu.Guests;
using MmuEmu.Kernel.Run;
using MmuEmu.Perf.Report;

namespace MmuEmu.Perf.Measure;

/// <summary>Whole programs: instructions per second inside this process, and processor time beside qemu-user as whole processes.</summary>
internal static class GuestMeasures
{
    private const ulong Steady = 50_000_000;

    /// <summary>Least MIPS of a guest that computes with integers.</summary>
    private const double Integer = 150;

    /// <summary>Least MIPS of a guest that computes with SSE2 doubles, or with wider vectors.</summary>
    private const double Double = 60;

    /// <summary>Sizes that run long enough for start-up not to count.</summary>
    private static readonly MeasuredGuest[] Programs =
    [
        new("sieve", ["5000000"], Integer),
        new("sort", ["300000"], Integer),
        new("checksum", ["60"], Integer),
        new("fib", ["32"], Integer),
        new("collatz", ["600000"], Integer),
        new("matmul", ["160"], Double),
        new("nbody", ["60000"], Double),
        new("mandelbrot", ["384"], Double),
        new("pixels-avx2", ["3000"], Double),
    ];

    public static IEnumerable<Row> Run(int rounds)
    {
        foreach (MeasuredGuest guest in Programs)
        {
            List<GuestRun> runs = RunInside(guest.Name, guest.Arguments, rounds, out string problem);
            if (runs.Count == 0)
            {
                yield return new Row { Name = $"guest {guest.Name}", Unit = "MIPS", Note = problem };
                continue;
            }

            yield return Compare(guest, runs, rounds);
        }

        yield return Timed(rounds);
        yield return Allocation();
    }

    private static List<GuestRun> RunInside(string name, string[] arguments, int rounds, out string problem)
    {
        List<GuestRun> runs = [];
        problem = "";
        for (int i = 0; i <= rounds; i++)
        {
            if (GuestRun.Try(name, arguments, out problem) is not { } run)
            {
                return [];
            }

            if (i > 0)
            {
                runs.Add(run);
            }
        }

        return runs;
    }

    private static Row Compare(MeasuredGuest guest, List<GuestRun> runs, int rounds)
    {
        (double? ours, double? qemu) = SideBySide(guest.Name, guest.Arguments, rounds);
        double millions = runs[0].Instructions / 1e6;
        return new Row
        {
            Name = $"guest {guest.Name}",
            Value = Median.Of(runs.Select(run => run.Mips)),
            Unit = "MIPS",
            Target = new Target(Better.Higher, guest.LeastMips),
            Qemu = millions / qemu,
            Ratio = ours / qemu,
            Note = $"{millions:0} million instructions{(Qemu.Path is null ? "; " + Qemu.HowToInstall : "")}",
        };
    }

    /// <summary>Medians of the processor time of whole processes, taken in turns so that a slow moment of the host hits both.</summary>
    private static (double? Ours, double? Qemu) SideBySide(string name, string[] arguments, int rounds)
    {
        if (Qemu.Path is null || Command.Path is null || !GuestCatalogue.TryFindFile(name, out string? path))
        {
            return (null, null);
        }

        List<double> ours = [];
        List<double> theirs = [];
        for (int i = 0; i < rounds; i++)
        {
            if (Command.TryTime([path, .. arguments]) is not { } our
                || HostProcess.TryTime(Qemu.Path, ["-cpu", "max", path, .. arguments]) is not { } qemu)
            {
                return (null, null);
            }

            ours.Add(our.Processor);
            theirs.Add(qemu.Processor);
        }

        return (Median.Of(ours), Median.Of(theirs));
    }

    private static Row Timed(int rounds)
    {
        List<double> speeds = [];
        string problem = "";
        for (int i = 0; i <= rounds && problem.Length == 0; i++)
        {
            if (GuestRun.Try("sieve", ["300000"], out problem, TimingMode.On) is { } run && i > 0)
            {
                speeds.Add(run.Mips);
            }
        }

        return new Row
        {
            Name = "guest sieve, with cycles",
            Value = speeds.Count > 0 ? Median.Of(speeds) : null,
            Unit = "MIPS",
            Note = problem.Length > 0 ? problem : "every access priced, zen5",
        };
    }

    private static Row Allocation()
    {
        long? bytes = GuestRun.TryAllocation("collatz", after: 20_000_000, Steady, out string problem);
        return new Row
        {
            Name = "allocated per instruction",
            Value = bytes is { } some ? Math.Round(some / (double)Steady, 3) : null,
            Unit = "B",
            Target = new Target(Better.Lower, 0),
            Note = problem.Length > 0 ? problem : $"{bytes} B in {Steady / 1_000_000} million instructions of collatz, once it is under way",
        };
    }

    private sealed record MeasuredGuest(string Name, string[] Arguments, double LeastMips);
}
