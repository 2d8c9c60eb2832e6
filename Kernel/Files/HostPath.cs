namespace MmuEmu.Kernel.Files;

/// <summary>Paths of the host.</summary>
internal static class HostPath
{
    private const int MaxLinks = 40;

    /// <summary>The same file without symbolic links on the way: as far as <paramref name="path"/>, which is absolute, can be followed.</summary>
    public static string WithoutLinks(string path)
    {
        int links = 0;
        try
        {
            return Follow(path, ref links);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    private static string Follow(string path, ref int links)
    {
        string at = "/";
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == ".")
            {
                continue;
            }

            at = name == ".." ? Path.GetDirectoryName(at) ?? "/" : Path.Combine(at, name);
            if (new FileInfo(at).LinkTarget is { } target && ++links <= MaxLinks)
            {
                at = Follow(Path.Combine(Path.GetDirectoryName(at) ?? "/", target), ref links);
            }
        }

        return at;
    }
}
