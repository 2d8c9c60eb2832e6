using BenchmarkDotNet.Running;
using MmuEmu.Perf.Fuzz;
using MmuEmu.Perf.Measure;
using MmuEmu.Perf.Report;

namespace MmuEmu.Perf;

/// <summary>Host speed: a table beside its targets and beside qemu-user, or with <c>--bdn</c> the BenchmarkDotNet classes.</summary>
internal static class Program
{
    private const string Usage = """
        usage: dotnet run --project Perf -c Release                  the table, in less than three minutes
               dotnet run --project Perf -c Release -- --quick       the table with one round of everything
               dotnet run --project Perf -c Release -- --programs    whole programs: native, managed, the host itself, qemu-user
               dotnet run --project Perf -c Release -- --travel      the debugger's ways through a run, and recording, natively
               dotnet run --project Perf -c Release -- --vectors     its rows of single vector instructions
               dotnet run --project Perf -c Release -- --volatile    its rows of volatile ranges
               dotnet run --project Perf -c Release -- --bdn [...]   BenchmarkDotNet; what follows goes to it (--filter '*')
               dotnet run --project Perf -c Release -- fuzz [...]     the emulated processor against this one; docs/cpu-fuzz.md
               dotnet run --project Perf -c Release -- select [...]   chooses the records that the tests keep
               dotnet run --project Perf -c Release -- records [...]  the same against what another processor left behind
        """;

    private static readonly Func<int, IEnumerable<Row>>[] Everything =
        [MmuMeasures.Run, ModelMeasures.Run, DecodeMeasures.Run, VectorMeasures.Run, GuestMeasures.Run, FaultMeasures.Run, VolatileFileMeasures.Run, StartMeasures.Run];

    private static int Main(string[] args)
    {
        switch (args)
        {
            case []:
                return Print(rounds: 3, Everything);
            case ["--quick"]:
                return Print(rounds: 1, Everything);
            case ["--programs"]:
                return ProgramMeasures.Print(rounds: 3);
            case ["--programs", "--quick"]:
                return ProgramMeasures.Print(rounds: 1);
            case ["--travel"]:
                return Print(rounds: 5, [TravelMeasures.Run]);
            case ["--vectors"]:
                return Print(rounds: 1, [VectorMeasures.Run]);
            case ["--volatile"]:
                return Print(rounds: 3, [VolatileFileMeasures.Run]);
            case ["fuzz", .. string[] rest]:
                return FuzzCommand.Run(rest);
            case ["records", .. string[] rest]:
                return RecordsCommand.Run(rest);
            case ["select", .. string[] rest]:
                return SelectCommand.Run(rest);
            case ["--bdn", .. string[] rest]:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest, new InProcessConfig());
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return args is ["--help"] or ["-h"] ? 0 : 2;
        }
    }

    private static int Print(int rounds, Func<int, IEnumerable<Row>>[] measures)
    {
        ReportTable table = new(Console.Out);
        table.Begin();
        foreach (Func<int, IEnumerable<Row>> measure in measures)
        {
            foreach (Row row in measure(rounds))
            {
                table.Add(row);
            }
        }

        return table.End();
    }
}
