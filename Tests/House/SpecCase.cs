using System.Reflection;

namespace MmuEmu.Tests.House;

/// <summary>One line of Tests/Data/spec-rows.txt: a row that says different things for different versions, sizes or threads.</summary>
/// <param name="Row">Such as <c>V-088</c>.</param>
/// <param name="Shown">Cases that tests show.</param>
/// <param name="Open">Cases that the emulator does not have yet.</param>
public sealed record SpecCase(string Row, IReadOnlyList<string> Shown, IReadOnlyList<string> Open)
{
    /// <summary>All lines, in the order of the file.</summary>
    public static IReadOnlyList<SpecCase> All { get; } =
        [.. File.ReadLines(Path.Combine(SourceTree.Root, "Tests", "Data", "spec-rows.txt")).Where(line => line.Length > 0 && line[0] != '#').Select(Parse)];

    /// <summary>Every tag of every test, with the name of what it stands on.</summary>
    public static IReadOnlyList<(string Where, SpecAttribute Tag)> Tags { get; } = [.. FindTags()];

    /// <summary>Reads one line.</summary>
    /// <exception cref="FormatException">It has no colon, or names no case.</exception>
    public static SpecCase Parse(string line)
    {
        string[] halves = line.Split(':', StringSplitOptions.TrimEntries);
        string[] cases = halves.Length == 2 ? halves[1].Split('|') : [];
        return cases.Length switch
        {
            1 => new SpecCase(halves[0], WordsOf(cases[0]), []),
            2 => new SpecCase(halves[0], WordsOf(cases[0]), WordsOf(cases[1])),
            _ => throw new FormatException($"spec-rows.txt: '{line}' is not 'ROW: cases | open cases'"),
        };
    }

    private static string[] WordsOf(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IEnumerable<(string Where, SpecAttribute Tag)> FindTags() =>
        from type in typeof(SpecCase).Assembly.GetTypes()
        from member in (MemberInfo[])[type, .. type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)]
        from tag in member.GetCustomAttributes<SpecAttribute>(inherit: false)
        select (member == type ? type.Name : $"{type.Name}.{member.Name}", tag);
}
