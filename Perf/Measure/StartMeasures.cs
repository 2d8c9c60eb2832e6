using MmuEmu.Guests;
using MmuEmu.Perf.Report;

namespace MmuEmu.Perf.Measure;

/// <summary>The shortest run there is: the command, start to end.</summary>
internal static class StartMeasures
{
    public static IEnumerable<Row> Run(int rounds)
    {
        if (Command.Path is null || !GuestCatalogue.TryFindFile("hello", out string? hello))
        {
            yield return new Row { Name = "start-up: run hello", Unit = "ms", Note = "the command or the guest is not built" };
            yield break;
        }

        List<double> ours = [];
        List<double> theirs = [];
        List<double> processor = [];
        for (int i = 0; i < (2 * rounds) + 3; i++)
        {
            if (Command.TryTime([hello]) is { } our)
            {
                ours.Add(our.Wall * 1000);
                processor.Add(our.Processor * 1000);
            }

            if (Qemu.Path is not null && HostProcess.TryTime(Qemu.Path, hello) is { } qemu)
            {
                theirs.Add(qemu.Wall * 1000);
            }
        }

        double? mine = ours.Count > 0 ? Median.Of(ours) : null;
        double? qemus = theirs.Count > 0 ? Median.Of(theirs) : null;
        yield return new Row
        {
            Name = "start-up: run hello",
            Value = mine,
            Unit = "ms",
            Target = new Target(Better.Lower, 200),
            Qemu = qemus,
            Ratio = mine / qemus,
            Note = ours.Count == 0
                ? "the command does not run hello"
                : $"wall time of the whole process; {Median.Of(processor):0} ms of processor{(Qemu.Path is null ? "; " + Qemu.HowToInstall : "")}",
        };
    }
}
