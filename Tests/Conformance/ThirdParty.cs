using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Conformance;

/// <summary>Where the programs of others lie that <c>third-party.sh</c> has fetched and built; they are no part of the project.</summary>
internal static class ThirdParty
{
    private const string Command = "bash Tests/Conformance/third-party.sh";

    /// <summary>The folder they are built into.</summary>
    public static string Folder { get; } = Path.Combine(SourceTree.Root, "artifacts", "third-party");

    /// <summary>The path of a program; when it is not there the test says so and does not run.</summary>
    public static string Program(string group, string name)
    {
        string path = Path.Combine(Folder, group, name);
        Assert.SkipUnless(File.Exists(path), $"{group}/{name} was not run: it is not built here; {Command}");
        return path;
    }

    /// <summary>Valgrind's expected outputs of a program, one per kind of processor and library.</summary>
    public static IEnumerable<string> Expected(string name) =>
        from file in Directory.EnumerateFiles(Path.Combine(Folder, "src", "valgrind", "none", "tests", "amd64"), $"{name}.stdout.exp*")
        orderby file
        select File.ReadAllText(file, System.Text.Encoding.Latin1);
}
