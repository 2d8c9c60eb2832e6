using MmuEmu.Emulator.Models;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Fuzz;
using MmuEmu.Tests.Fuzz.Records;

namespace MmuEmu.Perf.Fuzz;

/// <summary>Recorded programs of the fuzzer against an emulated processor: every byte of every record.</summary>
internal static class RecordsCommand
{
    private const string Usage = """
        usage: dotnet run --project Perf -c Release -- records FOLDER [--cpu MODEL] [--show N] [--only TEXT] [--text whole|short] [--report FILE]

          FOLDER         holds NAME.elf, made by 'fuzz --batch B --save', and NAME.native, what a processor wrote when it ran it
          --cpu MODEL    the emulated processor (default max); max,vendor=intel for records of an Intel processor
          --show N       examples of each sort of difference (default 1)
          --only TEXT    only differences whose form or fields contain it
          --text whole   shows each example with its whole state (default short)
          --report FILE  writes the forms that differ, with their counts, as Markdown
        """;

    /// <summary>Runs; 0 when nothing differs, 1 when something does, 2 for a command line that is not understood.</summary>
    public static int Run(string[] args)
    {
        if (args.Length % 2 != 1 || !Directory.Exists(args[0]) || !TryOptions(args[1..], out RecordsOptions options))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        List<RecordedDifference> found = [];
        int cases = 0;
        foreach (string path in Directory.EnumerateFiles(args[0], "*.elf").Order(StringComparer.Ordinal))
        {
            RecordedProgram program = new(File.ReadAllBytes(path));
            byte[] ours = FuzzSides.RunHere(path, program.OutputBytes, options.Model, out RunResult result);
            string name = Path.GetFileNameWithoutExtension(path);
            if (ours.Length != program.OutputBytes)
            {
                Console.WriteLine($"{name}: the program ends with {result.Reason}, code {result.ExitCode}, {result.Signal} {result.Unsupported}");
                continue;
            }

            found.AddRange(RecordCheck.Compare(name, program, File.ReadAllBytes(Path.ChangeExtension(path, ".native")), ours));
            cases += program.CaseCount;
            Console.Error.WriteLine($"{name}: {cases} cases so far, {found.Count} differ");
        }

        Tell(found, options);
        Console.WriteLine($"\n{options.Model.Name}: {cases} records, {found.Count} differ");
        if (options.Report is string file)
        {
            File.WriteAllText(file, RecordReport.Table(found));
        }

        return found.Count == 0 ? 0 : 1;
    }

    private static void Tell(List<RecordedDifference> found, RecordsOptions options)
    {
        IEnumerable<RecordedDifference> wanted = found.Where(one => options.Only is null
            || one.Sort.Contains(options.Only, StringComparison.OrdinalIgnoreCase) || one.Form.Contains(options.Only, StringComparison.OrdinalIgnoreCase));
        foreach (IGrouping<string, RecordedDifference> sort in wanted.GroupBy(one => one.Sort).OrderByDescending(sort => sort.Count()))
        {
            string forms = string.Join(' ', sort.GroupBy(one => one.Form).OrderByDescending(form => form.Count()).Select(form => $"{form.Key} {form.Count()}"));
            Console.WriteLine($"{sort.Count()} differ in {sort.Key}: {forms}");
            foreach (RecordedDifference one in sort.OrderBy(one => one.Case.Slot.Instructions.Length).DistinctBy(one => one.Form).Take(options.Show))
            {
                string text = options.Whole
                    ? CaseText.Of(new FoundDifference(0, one.Number, one.Case, one.Windows, one.Fields))
                    : $"{CaseText.Assembly(one.Case.Slot)}   ({one.Form}, {Convert.ToHexString(one.Case.Slot.Bytes)})";
                Console.WriteLine($"  {one.Program} case {one.Number}: {text}");
                Console.WriteLine($"    {string.Join("\n    ", one.Fields)}");
            }
        }
    }

    private static bool TryOptions(string[] args, out RecordsOptions options)
    {
        options = new RecordsOptions(CpuModels.Max, 1, null, null, false);
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = args[i + 1];
            RecordsOptions? next = args[i] switch
            {
                "--cpu" when CpuModelText.TryParse(value, out CpuModel? model, out _) => options with { Model = model },
                "--show" when int.TryParse(value, out int show) => options with { Show = show },
                "--only" => options with { Only = value },
                "--text" when value is "whole" or "short" => options with { Whole = value == "whole" },
                "--report" => options with { Report = value },
                _ => null,
            };
            if (next is null)
            {
                return false;
            }

            options = next;
        }

        return true;
    }

    private sealed record RecordsOptions(CpuModel Model, int Show, string? Only, string? Report, bool Whole);
}
