using MmuEmu.Kernel.Memory;

namespace MmuEmu.Kernel.Files;

/// <summary>Turns files of the host into inodes; what cannot be read is not there.</summary>
/// <remarks>
/// Only directories, symbolic links and regular files are shown. A file that the host calls empty is never opened, which
/// keeps devices and pipes of the host out of reach.
/// </remarks>
internal sealed class HostTree(MemorySystem mem, InodeNumbers numbers, OpenedHostFiles opened)
{
    private const long UnixEpochTicks = 621_355_968_000_000_000;

    /// <summary>The file at <paramref name="hostPath"/>, which the guest knows as <paramref name="name"/>; null when there is none.</summary>
    public Inode? Find(string hostPath, string name)
    {
        try
        {
            FileInfo info = new(hostPath);
            if (info.LinkTarget is { } target)
            {
                return new Inode(numbers.Next(), InodeKind.Symlink, 0x1FF) { Target = target, ModifiedNs = TimeOf(info) };
            }

            if (Directory.Exists(hostPath))
            {
                return new Inode(numbers.Next(), InodeKind.Directory, ModeOf(info))
                {
                    Folder = new Folder(new HostFolder(this, hostPath, name)),
                    ModifiedNs = TimeOf(info),
                    Links = 2,
                };
            }

            return info.Exists ? Regular(info, name) : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static uint ModeOf(FileInfo info) => (uint)info.UnixFileMode;

    private static long TimeOf(FileInfo info) => (info.LastWriteTimeUtc.Ticks - UnixEpochTicks) * 100;

    private Inode Regular(FileInfo info, string name) => new(numbers.Next(), InodeKind.Regular, ModeOf(info))
    {
        Content = new HostContent(mem, opened, new HostFile(name, info.FullName), (ulong)info.Length),
        ModifiedNs = TimeOf(info),
    };

    private sealed class HostFolder(HostTree tree, string hostPath, string name) : IFolderSource
    {
        public bool Steady => true;

        public IEnumerable<string> Names
        {
            get
            {
                try
                {
                    List<string> names = [];
                    foreach (string path in Directory.EnumerateFileSystemEntries(hostPath))
                    {
                        names.Add(Path.GetFileName(path));
                    }

                    return names;
                }
                catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
                {
                    return [];
                }
            }
        }

        public Inode? Find(string child) => tree.Find(Path.Combine(hostPath, child), name == "/" ? $"/{child}" : $"{name}/{child}");
    }
}
