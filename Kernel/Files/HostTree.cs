using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;

namespace MmuEmu.Kernel.Files;

/// <summary>Turns files of the host into inodes; what cannot be read is not there.</summary>
/// <remarks>
/// Only directories, symbolic links and regular files are shown. A file that the host calls empty is never opened, which
/// keeps devices and pipes of the host out of reach.
/// </remarks>
internal sealed class HostTree(MemorySystem mem, IHostDisk disk, SerialNumbers numbers, OpenedHostFiles opened, MountTable mounts)
{
    /// <summary>The file at <paramref name="hostPath"/>, which the guest knows as <paramref name="name"/>; null when there is none.</summary>
    public Inode? Find(string hostPath, string name)
    {
        if (disk.Stat(hostPath, out HostEntry entry) != Errno.None)
        {
            return null;
        }

        ulong number = numbers.Next();
        Mount mount = mounts.Of(name);
        FileLabel label = new(name, number, mount.Device);
        return entry.Kind switch
        {
            HostEntryKind.Symlink => new Inode(number, InodeKind.Symlink, entry.Mode) { Target = entry.Target, ModifiedNs = entry.ModifiedNs, Mount = mount },
            HostEntryKind.Directory => new Inode(number, InodeKind.Directory, entry.Mode)
            {
                Folder = new Folder(new HostFolder(this, hostPath, name)),
                ModifiedNs = entry.ModifiedNs,
                Links = 2,
                Mount = mount,
            },
            HostEntryKind.Regular => new Inode(number, InodeKind.Regular, entry.Mode)
            {
                Content = new HostContent(mem, disk, opened, new HostFile(name, hostPath), entry.Length) { Label = label },
                ModifiedNs = entry.ModifiedNs,
                Mount = mount,
                Label = label,
            },
        };
    }

    private IReadOnlyList<string> NamesIn(string hostPath)
    {
        _ = disk.List(hostPath, out IReadOnlyList<string> names);
        return names;
    }

    private sealed class HostFolder(HostTree tree, string hostPath, string name) : IFolderSource
    {
        public bool Steady => true;

        public IEnumerable<string> Names => tree.NamesIn(hostPath);

        public Inode? Find(string child) => tree.Find(Path.Combine(hostPath, child), name == "/" ? $"/{child}" : $"{name}/{child}");
    }
}
