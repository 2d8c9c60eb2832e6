using System.Runtime.CompilerServices;

namespace MmuEmu.Tests.House;

/// <summary>The project's own source files, found from where this file was compiled.</summary>
public static class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>C# files under a top-level folder, without build output.</summary>
    public static IEnumerable<string> CSharp(params string[] folders) =>
        from folder in folders
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        orderby file
        select file;

    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static string FindRoot([CallerFilePath] string here = "") =>
        Directory.GetParent(here)!.Parent!.Parent!.FullName;
}
