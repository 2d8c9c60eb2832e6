using System.Text.RegularExpressions;
using MmuEmu.Guests;

namespace MmuEmu.Debugger.Rendering;

/// <summary>A program that ships, told to somebody who has never run it.</summary>
internal static class GuestText
{
    private static readonly Regex Parenthesis = new(@"\(((?:--|mmuemu )[^)]*)\)");

    /// <summary>The page of <paramref name="program"/>: what it shows, what to type, what to look for, how it ends.</summary>
    public static IEnumerable<string> Page(GuestProgram program)
    {
        yield return $"{program.Name}: {program.Summary}";
        yield return $"  about   {GuestSubjects.TitleOf(program.Subject)}";
        yield return $"  watch   {program.Watch}";
        yield return $"  run     {program.CommandLine}";
        foreach (string command in CommandsFor(program))
        {
            yield return $"  see     {command}";
        }

        yield return $"  source  Guests/src/{program.Source}.c";
        yield return $"  status  {program.ExitCode}";
        yield return $"  native  {(program.Needs == GuestNeeds.Linux ? "prints the same on real Linux" : "needs MmuEmu")}";
    }

    /// <summary>What to type to see what there is to watch: the options that the text names in parentheses, each with the program.</summary>
    public static IEnumerable<string> CommandsFor(GuestProgram program) => Parenthesis.Matches(program.Watch)
        .SelectMany(match => match.Groups[1].Value.Split(", "))
        .Select(words => words.StartsWith("mmuemu ", StringComparison.Ordinal) ? $"{words} {program.Name}" : $"mmuemu run {words} {program.Name}");
}
