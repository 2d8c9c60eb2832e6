using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Files;

/// <summary>Paths of the host.</summary>
internal static class HostPath
{
    private const int MaxLinks = 40;

    /// <summary>The same file without symbolic links on the way: as far as <paramref name="path"/>, which is absolute, can be followed.</summary>
    public static string WithoutLinks(IHostDisk disk, string path)
    {
        int links = 0;
        return Follow(disk, path, ref links);
    }

    private static string Follow(IHostDisk disk, string path, ref int links)
    {
        string at = "/";
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == ".")
            {
                continue;
            }

            at = name == ".." ? Path.GetDirectoryName(at) ?? "/" : Path.Combine(at, name);
            bool isLink = disk.Stat(at, out HostEntry entry) == Errno.None && entry.Kind == HostEntryKind.Symlink;
            if (isLink && ++links <= MaxLinks)
            {
                at = Follow(disk, Path.Combine(Path.GetDirectoryName(at) ?? "/", entry.Target), ref links);
            }
        }

        return at;
    }
}
