namespace MmuEmu.Debugger.Sessions;

/// <summary>Paths of a guest whose / is a folder of the host.</summary>
internal static class RootedPath
{
    private const int MaxLinks = 40;

    /// <summary>Where <paramref name="path"/> of the guest lies on the host; symbolic links are followed and end below <paramref name="root"/>.</summary>
    /// <param name="root">The folder; / or null for the host's own.</param>
    /// <param name="path">An absolute path as the guest knows it.</param>
    public static string OnHost(string? root, string path)
    {
        string top = (root ?? "/").TrimEnd('/');
        return top.Length == 0 ? path : top + WithoutLinks(top, path);
    }

    private static string WithoutLinks(string top, string path)
    {
        string at = "/";
        int links = 0;
        Stack<string> left = new(Names(path));
        while (left.TryPop(out string? name))
        {
            string next = name == ".." ? Path.GetDirectoryName(at) ?? "/" : Path.Combine(at, name);
            if (new FileInfo(top + next).LinkTarget is { } target && ++links <= MaxLinks)
            {
                at = target.StartsWith('/') ? "/" : at;
                foreach (string step in Names(target))
                {
                    left.Push(step);
                }
            }
            else
            {
                at = next;
            }
        }

        return at;
    }

    private static IEnumerable<string> Names(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".").Reverse();
}
