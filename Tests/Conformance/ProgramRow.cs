using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Conformance;

/// <summary>How the output of a program is judged.</summary>
internal enum Judge
{
    /// <summary>It is the output that the program's authors expect.</summary>
    Golden,

    /// <summary>Output and status are those of the host.</summary>
    Native,

    /// <summary>As native, without the addresses of mappings.</summary>
    Addresses,

    /// <summary>As native, in any order of the lines.</summary>
    Lines,

    /// <summary>The status is that of the host.</summary>
    Status,

    /// <summary>As native on AMD's hosts; on Intel's it differs, for the reason that the row gives: the program ends with SIGILL here.</summary>
    Amd,

    /// <summary>It differs, for the reason that the row gives.</summary>
    Except,
}

/// <summary>A line of a list of programs.</summary>
/// <param name="Name">The program.</param>
/// <param name="Judge">How it is compared.</param>
/// <param name="Reason">Why, where it is not plain.</param>
internal sealed record ProgramRow(string Name, Judge Judge, string Reason)
{
    /// <summary>The rows of a list in Tests/Data/conformance, in its order.</summary>
    public static IReadOnlyList<ProgramRow> Of(string list) =>
    [
        .. from line in File.ReadLines(Path.Combine(SourceTree.Root, "Tests", "Data", "conformance", list))
           where line.Length > 0 && line[0] != '#'
           let words = line.Split(' ', 3)
           select new ProgramRow(words[0], Enum.Parse<Judge>(words[1], ignoreCase: true), words.Length > 2 ? words[2] : ""),
    ];

    /// <summary>The names of a list, for a theory.</summary>
    public static TheoryData<string> Names(string list) => [.. Of(list).Select(row => row.Name)];

    /// <summary>The row of a name.</summary>
    public static ProgramRow Of(string list, string name) => Of(list).Single(row => row.Name == name);
}
