using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Golden;

/// <summary>Text that must equal a committed file; MMUEMU_UPDATE_GOLDEN=1 rewrites the files instead.</summary>
public static class GoldenFile
{
    private const string Switch = "MMUEMU_UPDATE_GOLDEN";

    /// <summary>Compares with Tests/Golden/<paramref name="name"/>.</summary>
    public static void Check(string name, string actual) => CheckAt(Path.Combine("Tests", "Golden", name), actual);

    /// <summary>Compares with a file named from the project's root.</summary>
    public static void CheckAt(string relative, string actual)
    {
        string path = Path.Combine(SourceTree.Root, relative);
        if (Environment.GetEnvironmentVariable(Switch) == "1")
        {
            File.WriteAllText(path, actual);
            return;
        }

        File.Exists(path).ShouldBeTrue($"{relative} is missing; run the tests once with {Switch}=1");
        string expected = File.ReadAllText(path).ReplaceLineEndings("\n");
        string? difference = FirstDifference(expected, actual.ReplaceLineEndings("\n"));
        difference.ShouldBeNull($"{relative} differs; if the change is meant, run the tests once with {Switch}=1 and commit the file");
    }

    private static string? FirstDifference(string expected, string actual)
    {
        if (expected == actual)
        {
            return null;
        }

        string[] old = expected.Split('\n');
        string[] now = actual.Split('\n');
        int line = Enumerable.Range(0, Math.Min(old.Length, now.Length)).FirstOrDefault(i => old[i] != now[i], Math.Min(old.Length, now.Length));
        return $"line {line + 1}: expected '{old.ElementAtOrDefault(line)}', found '{now.ElementAtOrDefault(line)}'";
    }
}
