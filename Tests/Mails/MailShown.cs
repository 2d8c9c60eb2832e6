using System.Globalization;
using System.Text.RegularExpressions;
using MmuEmu.Tests.Debugger;

namespace MmuEmu.Tests.Mails;

/// <summary>A command of a claim, run: the lines that the page shows. Whatever the claim expects of them is checked on the way.</summary>
internal sealed class MailShown
{
    /// <summary>Of a longer line the page has the beginning.</summary>
    private const int Widest = 130;

    private readonly Dictionary<string, CommandResult> results = [];

    /// <summary>The kept lines, then a line for each comparison of cycles.</summary>
    public IReadOnlyList<string> Of(MailRun run)
    {
        if (!results.TryGetValue(run.Command, out CommandResult? result))
        {
            result = CommandHarness.Run(WordsOf(run.Command));
            results.Add(run.Command, result);
        }

        string[] lines = [.. new[] { result.GuestOut, result.Out, result.GuestError, result.Error }.SelectMany(text => text.Split('\n')).Select(line => line.TrimEnd())];
        result.Status.ShouldBe(run.Status, $"{run.Command}\n{string.Join('\n', lines)}");
        string[] kept = [.. Kept(run, lines)];
        string whole = $"{run.Command}\n{string.Join('\n', lines)}";
        (run.Sees.Count + run.Cycles.Count).ShouldBePositive($"{run.Command}: nothing is expected of it");
        run.Sees.Where(text => !kept.Any(line => line.Contains(text, StringComparison.Ordinal))).ShouldBeEmpty(whole);
        run.Misses.Where(text => lines.Any(line => line.Contains(text, StringComparison.Ordinal))).ShouldBeEmpty(whole);
        return [.. kept, .. run.Cycles.Select(text => Compared(text, lines))];
    }

    private static IEnumerable<string> Kept(MailRun run, string[] lines)
    {
        int[] left = [.. run.Keeps.Select(keep => keep.Most)];
        int behind = 0;
        foreach (string line in lines)
        {
            int by = run.Keeps.FindIndex(keep => keep.Pattern.IsMatch(line));
            bool matches = by >= 0 && left[by]-- > 0;
            behind = matches ? Math.Max(behind, run.Keeps[by].Behind + 1) : behind;
            if (behind-- > 0)
            {
                yield return line.Length > Widest ? line[..Widest] + " ..." : line;
            }
        }

        run.Keeps.Where((keep, at) => left[at] == keep.Most).Select(keep => keep.Pattern.ToString())
            .ShouldBeEmpty($"{run.Command}: no line is kept by these\n{string.Join('\n', lines)}");
    }

    /// <summary>As a shell takes the line apart: quotation marks hold words together.</summary>
    private static string[] WordsOf(string command)
    {
        string[] words = [.. Regex.Matches(command, "'(?<word>[^']*)'|(?<word>\\S+)").Select(match => match.Groups["word"].Value)];
        words[0].ShouldBe("mmuemu", command);
        return words[1..];
    }

    /// <summary>"a &lt; b &lt; c" with the cycles of each stretch, after checking that it is so.</summary>
    private static string Compared(string text, string[] lines)
    {
        string[] words = text.Split(' ');
        ulong[] cycles = [.. words.Where((_, at) => at % 2 == 0).Select(name => ClockAt(name + "-end", lines) - ClockAt(name + "-begin", lines))];
        for (int i = 1; i < cycles.Length; i++)
        {
            string relation = cycles[i - 1] < cycles[i] ? "<" : cycles[i - 1] == cycles[i] ? "=" : ">";
            words[(2 * i) - 1].ShouldBe(relation, $"{text}: {string.Join(' ', cycles)}");
        }

        IEnumerable<string> shown = words.Select((word, at) => at % 2 == 1 ? word : string.Create(CultureInfo.InvariantCulture, $"{word} {cycles[at / 2]:N0}"));
        return $"cycles between the marks: {string.Join(' ', shown)}";
    }

    private static ulong ClockAt(string mark, string[] lines)
    {
        Match match = lines.Select(line => Regex.Match(line, $@"c=(?<cycles>\d+) mark {Regex.Escape(mark)}$")).First(one => one.Success);
        return ulong.Parse(match.Groups["cycles"].Value, CultureInfo.InvariantCulture);
    }
}
