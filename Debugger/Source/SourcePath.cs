namespace MmuEmu.Debugger.Source;

/// <summary>Paths of source files as compilers write them: of Linux, whatever the host is.</summary>
internal static class SourcePath
{
    /// <summary>PATH_MAX of Linux.</summary>
    private const int LongestPath = 4096;

    /// <summary><paramref name="path"/> when it is absolute, otherwise below <paramref name="folder"/>; either may be empty.</summary>
    public static string Join(string folder, string path) =>
        folder.Length == 0 || path.StartsWith('/') ? path
        : path.Length == 0 ? folder
        : folder.EndsWith('/') ? folder + path
        : $"{folder}/{path}";

    /// <summary>Number <paramref name="index"/> of <paramref name="paths"/>; empty when there are fewer.</summary>
    public static string At(IReadOnlyList<string> paths, ulong index) => index < (ulong)paths.Count ? paths[(int)index] : "";

    /// <summary>The same path without empty parts, <c>.</c> and <c>..</c>, as if no folder were a link.</summary>
    public static string Plain(string path)
    {
        List<string> parts = [];
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != "." && (part != ".." || !path.StartsWith('/')))
            {
                parts.Add(part);
            }
        }

        return (path.StartsWith('/') ? "/" : "") + string.Join('/', parts);
    }

    /// <summary>Where the host has a source file; null when it has none.</summary>
    /// <param name="path">As the compiler had it.</param>
    /// <param name="before">Folders that are looked at first.</param>
    /// <param name="last">The folder that is looked at last.</param>
    public static string? OnHost(string path, IReadOnlyList<string> before, string last)
    {
        if (path.Length is 0 or > LongestPath)
        {
            return null;
        }

        string plain = Plain(path);
        string[] parts = [.. plain.Split('/', StringSplitOptions.RemoveEmptyEntries).SkipWhile(part => part == "..")];
        IEnumerable<string> places = before.SelectMany(folder => Below(folder, parts));
        places = plain.StartsWith('/') ? places.Append(plain) : places;
        return places.Concat(Below(last, parts)).FirstOrDefault(HostFile.IsPlain);
    }

    private static IEnumerable<string> Below(string folder, string[] parts) =>
        Enumerable.Range(0, parts.Length).Select(skip => Join(folder, string.Join('/', parts.Skip(skip))));

    /// <summary>True when <paramref name="typed"/> names <paramref name="plain"/>: it is the path, or its last parts, as <c>main.c</c> or <c>src/main.c</c>.</summary>
    /// <param name="plain">A path from <see cref="Plain"/>.</param>
    /// <param name="typed">Another.</param>
    public static bool IsNamedBy(string plain, string typed) =>
        typed.Length > 0 && plain.EndsWith(typed, StringComparison.Ordinal)
        && (plain.Length == typed.Length || (typed[0] != '/' && plain[^(typed.Length + 1)] == '/'));
}
