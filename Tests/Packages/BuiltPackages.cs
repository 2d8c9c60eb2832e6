using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MmuEmu.Tests.House;
using MmuEmu.Tests.Native;

namespace MmuEmu.Tests.Packages;

/// <summary>The packages as <c>dotnet pack</c> leaves them.</summary>
internal static class BuiltPackages
{
    /// <summary>What a test says that cannot do without them.</summary>
    public const string HowToGet = "needs the packages, made from these sources (with gcc or clang): dotnet pack -c Release";

    /// <summary>Where they lie.</summary>
    public static string Folder { get; } = Path.Combine(SourceTree.Root, "artifacts", "package", "release");

    /// <summary>True when all are there and younger than the sources.</summary>
    public static bool AreFresh => ((string[])["MmuEmu", "MmuEmu.any", "MmuEmu.linux-x64", "MmuEmu.Emulator", "MmuEmu.Kernel"]).All(id => BuiltFile.IsFresh(FileOf(id)));

    /// <summary>The version that all of them have.</summary>
    public static string Version { get; } =
        XDocument.Load(Path.Combine(SourceTree.Root, "Directory.Build.props")).Descendants("Version").Single().Value;

    public static string FileOf(string id) => Path.Combine(Folder, $"{id}.{Version}.nupkg");

    /// <summary>The tool's packages under another version, in a folder of its own: what a later release would be.</summary>
    public static void CopyToolAs(string version, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string id in (string[])["MmuEmu", "MmuEmu.any", "MmuEmu.linux-x64"])
        {
            string copy = Path.Combine(folder, $"{id}.{version}.nupkg");
            File.Copy(FileOf(id), copy);
            Edit(copy, $"{id}.nuspec", text => text.Replace($"<version>{Version}</version>", $"<version>{version}</version>", StringComparison.Ordinal));
        }
    }

    /// <summary>The tool's packages as a platform finds them that none was compiled for.</summary>
    public static void CopyToolWithoutNative(string folder)
    {
        Directory.CreateDirectory(folder);
        File.Copy(FileOf("MmuEmu.any"), Path.Combine(folder, Path.GetFileName(FileOf("MmuEmu.any"))));
        string pointer = Path.Combine(folder, Path.GetFileName(FileOf("MmuEmu")));
        File.Copy(FileOf("MmuEmu"), pointer);
        Edit(pointer, "tools/any/any/DotnetToolSettings.xml", text => Regex.Replace(text, "<RuntimeIdentifierPackage RuntimeIdentifier=\"linux-[^>]*/>", ""));
    }

    /// <summary>The text of a file inside a package.</summary>
    public static string Read(string package, string entry)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        using StreamReader reader = new(archive.GetEntry(entry)!.Open());
        return reader.ReadToEnd();
    }

    /// <summary>Names of all files inside a package.</summary>
    public static string[] Entries(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        return [.. archive.Entries.Select(entry => entry.FullName)];
    }

    private static void Edit(string package, string entry, Func<string, string> change)
    {
        string before = Read(package, entry);
        string after = change(before);
        after.ShouldNotBe(before);
        using ZipArchive archive = ZipFile.Open(package, ZipArchiveMode.Update);
        archive.GetEntry(entry)!.Delete();
        using StreamWriter writer = new(archive.CreateEntry(entry).Open());
        writer.Write(after);
    }
}
