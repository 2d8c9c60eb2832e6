using System.Diagnostics;
using Iced.Intel;
using MmuEmu.Tests.Fuzz;

namespace MmuEmu.Perf.Fuzz;

/// <summary>The long run of the differential fuzzer, and the way to run one of its cases again.</summary>
internal static class FuzzCommand
{
    private const int MostCodes = 8;
    private const int ShownOfASort = 2;
    private const string IllegalInstruction = "00000004";

    private const string Usage = """
        usage: dotnet run --project Perf -c Release -- fuzz [--cases N] [--seed S] [--codes A,B] [--show N] [--report FILE]
               dotnet run --project Perf -c Release -- fuzz --seed S [--codes A,B] --batch B [--case I]

          --cases N      cases to run at least (default 200000)
          --seed S       seed of the run (default 1); batch B of a seed is always the same
          --codes A,B    only these: beginnings of Iced's code names, or names of groups
          --form F       whole: instructions as they are (default); spoilt: with prefixes added and bits turned over
          --show N       sorts of differences of which examples are shrunk and printed (default 10)
          --report FILE  writes the table of groups as Markdown
          --save FILE    with --batch: keeps its program, to be run or looked at
          --batch B      runs one batch; with --case I prints and shrinks that case of it
        """;

    /// <summary>Runs; 0 when nothing differs, 1 when something does, 2 for a command line that is not understood.</summary>
    public static int Run(string[] args)
    {
        if (!FuzzOptions.TryParse(args, out FuzzOptions options))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        Code[] codes = [.. FuzzCodes.Eligible.Where(options.Wants)];
        if (codes.Length == 0)
        {
            Console.Error.WriteLine("no code of that name is run; see docs/cpu-fuzz.md for those that are left out");
            return 2;
        }

        foreach (IGrouping<string, Code> left in FuzzCodes.NotRunHere.Keys.Where(options.Wants).GroupBy(code => FuzzCodes.NotRunHere[code]))
        {
            Console.WriteLine($"not run here, {left.Key}: {string.Join(' ', left)}");
        }

        using FuzzCampaign campaign = new(options.Seed, codes, options.Form);
        Stopwatch watch = Stopwatch.StartNew();
        if (options.Batch is int batch)
        {
            Keep(campaign, batch, options.Save);
            campaign.Run(batch);
        }
        else
        {
            RunAll(campaign, options, watch);
        }

        return Tell(campaign, options, watch.Elapsed);
    }

    private static void Keep(FuzzCampaign campaign, int batch, string? file)
    {
        if (file is not null)
        {
            File.WriteAllBytes(file, campaign.Make(batch).Program);
        }
    }

    private static void RunAll(FuzzCampaign campaign, FuzzOptions options, Stopwatch watch)
    {
        TimeSpan told = TimeSpan.Zero;
        for (int i = 0; campaign.Cases < options.Cases; i++)
        {
            int before = campaign.Found.Count + campaign.Failures.Count;
            campaign.Run(i);
            if (campaign.Found.Count + campaign.Failures.Count > before)
            {
                string what = campaign.Found.Count > 0 ? CaseText.Assembly(campaign.Found[^1].Case.Slot) : campaign.Failures[^1];
                Console.Error.WriteLine($"batch {i}: {campaign.Found.Count + campaign.Failures.Count - before} differ, the last: {what}");
            }

            if (watch.Elapsed - told > TimeSpan.FromSeconds(20))
            {
                told = watch.Elapsed;
                Console.Error.WriteLine($"{campaign.Cases} cases, {campaign.Found.Count} differ, {watch.Elapsed:hh\\:mm\\:ss}");
            }
        }
    }

    private static int Tell(FuzzCampaign campaign, FuzzOptions options, TimeSpan time)
    {
        foreach (string failure in campaign.Failures)
        {
            Console.WriteLine(failure);
        }

        string again = $"dotnet run --project Perf -c Release -- fuzz --seed {options.Seed}{(options.Codes.Length == 0 ? "" : $" --codes {string.Join(',', options.Codes)}")}{(options.Form == FuzzForm.Spoilt ? " --form spoilt" : "")}";
        if (options.Case is int one && options.Batch is int batch)
        {
            FoundDifference? found = campaign.Found.Find(item => item.Index == one);
            Console.WriteLine(found is null ? $"equal: {CaseText.Of(campaign.Make(batch).Cases[one])}" : $"{CaseText.Of(found)}\n\nplainest: {campaign.Explain(found)}");
        }
        else
        {
            Summarise(campaign, options, again);
        }

        string report = FuzzReport.Table(campaign);
        Console.WriteLine($"\n{report}\nseed {options.Seed}: {campaign.Cases} cases, {campaign.Found.Count} differ, {campaign.Failures.Count} batches failed, {time:hh\\:mm\\:ss}");
        if (options.Report is string file)
        {
            File.WriteAllText(file, report);
        }

        return campaign.Found.Count + campaign.Failures.Count == 0 ? 0 : 1;
    }

    /// <summary>Cases that differ in the same fields are told together; one of each sort is shrunk.</summary>
    private static void Summarise(FuzzCampaign campaign, FuzzOptions options, string again)
    {
        IGrouping<string, FoundDifference>[] sorts = [.. campaign.Found.GroupBy(SortOf).OrderByDescending(sort => sort.Count())];
        foreach (IGrouping<string, FoundDifference> sort in sorts)
        {
            string codes = string.Join(' ', sort.Select(found => found.Case.Slot.Code).Distinct().Take(MostCodes));
            Console.WriteLine($"{sort.Count()} differ in {sort.Key}: {codes}");
        }

        foreach (IGrouping<string, FoundDifference> sort in sorts.Take(options.Show))
        {
            foreach (FoundDifference found in sort.DistinctBy(found => found.Case.Slot.Code).OrderBy(found => found.Case.Slot.Instructions.Length).Take(ShownOfASort))
            {
                Console.WriteLine($"\n{campaign.Explain(found)}\n  again: {again} --batch {found.Batch} --case {found.Index}");
            }
        }
    }

    private static string SortOf(FoundDifference found)
    {
        bool unknown = found.Fields.Any(field => field.Field == "signal and code" && field.Ours.EndsWith(IllegalInstruction, StringComparison.Ordinal));
        return unknown
            ? "the signal: ours is SIGILL"
            : string.Join(", ", found.Fields.Select(field => field.Field[0] == '[' ? "memory" : field.Field.TrimEnd("0123456789".ToCharArray())).Distinct());
    }
}
