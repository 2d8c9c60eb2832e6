using Iced.Intel;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Fuzz;
using MmuEmu.Tests.Fuzz.Records;

namespace MmuEmu.Perf.Fuzz;

/// <summary>Chooses from the records of two processors what the tests keep: every form, and every sort of difference between the two.</summary>
/// <remarks>
/// A chosen case runs in another program than it was recorded in. What depends on cases before it is dropped: it ends otherwise there, on
/// the emulated processors or on this one.
/// </remarks>
internal static class SelectCommand
{
    private const int SlotsOfAProgram = 2048;
    private const int OfASort = 2;
    private const int OfAForm = 2;

    private const string Usage = """
        usage: dotnet run --project Perf -c Release -- select AMD INTEL OUT

          AMD, INTEL     folders with the same NAME.elf, and in NAME.native what a processor of each maker wrote
          OUT            gets programs of chosen cases, NAME.elf.br, and their records: NAME.amd.br, and in NAME.intel.br what is other there
        """;

    /// <summary>Chooses; 0, or 2 for a command line that is not understood.</summary>
    public static int Run(string[] args)
    {
        if (args.Length != 3 || !Directory.Exists(args[0]) || !Directory.Exists(args[1]))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        Directory.CreateDirectory(args[2]);
        List<Chosen> chosen = Choose(args[0], args[1]);
        foreach ((string kind, bool whole) in ((string, bool)[])[("edge", false), ("whole", true)])
        {
            IReadOnlyList<FuzzWindow> windows = whole ? FuzzLayout.WholeWindows : FuzzLayout.EdgeWindows;
            int number = 0;
            foreach (List<Chosen> group in Programs(chosen.Where(one => one.Whole == whole)))
            {
                Write(Path.Combine(args[2], $"{kind}-{number++}"), Steady(group, windows), windows);
            }
        }

        return 0;
    }

    private static List<Chosen> Choose(string amdFolder, string intelFolder)
    {
        List<Chosen> chosen = [];
        Dictionary<string, int> sorts = [];
        Dictionary<string, int> forms = [];
        foreach (string path in Directory.EnumerateFiles(amdFolder, "*.elf").Order(StringComparer.Ordinal))
        {
            RecordedProgram program = new(File.ReadAllBytes(path));
            byte[] amd = File.ReadAllBytes(Path.ChangeExtension(path, ".native"));
            byte[] intel = File.ReadAllBytes(Path.Combine(intelFolder, Path.GetFileNameWithoutExtension(path) + ".native"));
            for (int i = 0; i < program.CaseCount; i++)
            {
                Range result = (i * program.ResultBytes)..((i + 1) * program.ResultBytes);
                FuzzCase made = program.Case(i);
                List<FieldDifference> fields = RecordComparer.Differences(amd.AsSpan(result), intel.AsSpan(result));
                fields.RemoveAll(one => one.Field == "MXCSR_MASK");
                string form = made.Slot.Code == Code.INVALID ? $"invalid {Convert.ToHexString(made.Slot.Bytes.AsSpan(0, 1))}" : made.Slot.Code.ToString();
                string sort = $"{form}: {string.Join(',', fields.Select(one => one.Field.Split('+')[0]))}";
                if ((fields.Count > 0 && Count(sorts, sort) <= OfASort) || Count(forms, form) <= OfAForm)
                {
                    chosen.Add(new Chosen(made, program.Windows == FuzzLayout.WholeWindows, amd[result], intel[result]));
                }
            }
        }

        return chosen;
    }

    private static int Count(Dictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;

    /// <summary>A slot keeps its address, so two that lie at one address go into two programs.</summary>
    private static List<List<Chosen>> Programs(IEnumerable<Chosen> chosen)
    {
        List<(Dictionary<ulong, FuzzSlot> Slots, List<Chosen> Cases)> programs = [];
        foreach (Chosen one in chosen)
        {
            ulong at = one.Case.Slot.Instructions[0].IP;
            int free = programs.FindIndex(program =>
                program.Cases.Count < 4 * SlotsOfAProgram && (!program.Slots.TryGetValue(at, out FuzzSlot? there) || there == one.Case.Slot));
            if (free < 0)
            {
                programs.Add(([], []));
                free = programs.Count - 1;
            }

            programs[free].Slots[at] = one.Case.Slot;
            programs[free].Cases.Add(one);
        }

        return [.. programs.Select(program => program.Cases)];
    }

    /// <summary>Those that end in this program as they ended where they were recorded.</summary>
    private static List<Chosen> Steady(List<Chosen> group, IReadOnlyList<FuzzWindow> windows)
    {
        while (true)
        {
            FuzzBatch batch = new([.. group.Select(one => one.Case)], windows);
            HashSet<int> unsteady = [];
            using FuzzSides sides = new();
            string path = sides.Save(batch.Program);
            byte[] native = FuzzSides.RunNatively(path, batch.OutputBytes);
            Compare(group, batch, native, one => HostProcessor.Vendor == CpuVendor.Intel ? one.Intel : one.Amd, unsteady);
            Console.Error.WriteLine($"{group.Count} cases, {unsteady.Count} depend on what ran before them");
            if (unsteady.Count == 0)
            {
                return group;
            }

            group = [.. group.Where((_, i) => !unsteady.Contains(i))];
        }
    }

    private static void Compare(List<Chosen> group, FuzzBatch batch, byte[] output, Func<Chosen, byte[]> recorded, HashSet<int> unsteady)
    {
        for (int i = 0; i < group.Count; i++)
        {
            if (RecordComparer.Differences(recorded(group[i]), output.AsSpan(i * batch.ResultBytes, batch.ResultBytes)).Count > 0)
            {
                unsteady.Add(i);
            }
        }
    }

    private static void Write(string path, List<Chosen> group, IReadOnlyList<FuzzWindow> windows)
    {
        RecordFile.Write(path + ".elf.br", new FuzzBatch([.. group.Select(one => one.Case)], windows).Program);
        RecordFile.Write(path + ".amd.br", [.. group.SelectMany(one => one.Amd)]);
        RecordFile.Write(path + ".intel.br", RecordFile.Apart([.. group.SelectMany(one => one.Amd)], [.. group.SelectMany(one => one.Intel)]));
    }

    private sealed record Chosen(FuzzCase Case, bool Whole, byte[] Amd, byte[] Intel);
}
