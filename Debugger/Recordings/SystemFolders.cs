namespace MmuEmu.Debugger.Recordings;

/// <summary>Files that a system's packages put there and that nobody changes while he works: a recording names them by SHA-256, without their bytes.</summary>
internal static class SystemFolders
{
    private static readonly string[] Folders =
        ["/usr/", "/lib/", "/lib32/", "/lib64/", "/libx32/", "/bin/", "/sbin/", "/nix/store/", "/gnu/store/"];

    private const string LoaderCache = "/etc/ld.so.cache";

    /// <summary>Whether the file at <paramref name="path"/> is one of them.</summary>
    public static bool Have(string path) =>
        path == LoaderCache || Array.Exists(Folders, folder => path.StartsWith(folder, StringComparison.Ordinal));
}
