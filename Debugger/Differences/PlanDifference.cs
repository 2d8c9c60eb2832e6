using MmuEmu.Debugger.Sessions;

namespace MmuEmu.Debugger.Differences;

/// <summary>What two runs were asked for differently.</summary>
internal static class PlanDifference
{
    /// <summary>A line for each difference.</summary>
    public static IEnumerable<string> Lines(RunSide a, RunSide b)
    {
        (RunRecord ofA, RunRecord ofB) = (a.Session.Plan.Record, b.Session.Plan.Record);
        if (ofA.Guest != ofB.Guest)
        {
            yield return Line("guest", ofA.Guest, ofB.Guest);
        }

        if (a.Recording?.Run.ProgramHash is { } hashA && b.Recording?.Run.ProgramHash is { } hashB && hashA != hashB)
        {
            yield return Line("program", $"SHA-256 {hashA[..16]}...", $"SHA-256 {hashB[..16]}...");
        }

        if (!ofA.Arguments.SequenceEqual(ofB.Arguments))
        {
            yield return Line("arguments", string.Join(' ', ofA.Arguments), string.Join(' ', ofB.Arguments));
        }

        if (ofA.Folder != ofB.Folder)
        {
            yield return Line("folder", ofA.Folder ?? "none", ofB.Folder ?? "none");
        }

        foreach (RecordedOption option in ofA.Options)
        {
            IReadOnlyList<string> other = ofB.Find(option.Name)?.Values ?? [];
            if (!option.Values.SequenceEqual(other))
            {
                yield return Line(option.Name, string.Join(' ', option.Values), string.Join(' ', other));
            }
        }
    }

    /// <summary>A line about what A and B have each.</summary>
    public static string Line(string what, string a, string b) => $"{what}: A {Shown(a)}, B {Shown(b)}";

    private static string Shown(string text) => text.Length == 0 ? "none" : OwnText.Printable(text);
}
