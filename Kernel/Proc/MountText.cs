using System.Globalization;
using System.Text;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Kernel.Proc;

/// <summary>A file of /proc that tells of mounts.</summary>
internal enum MountFile
{
    /// <summary>mounts.</summary>
    Mounts,

    /// <summary>mountinfo.</summary>
    Information,
}

/// <summary>What is mounted where, as /proc/PID/mounts and mountinfo tell it.</summary>
/// <remarks>Source: [Linux fs/proc_namespace.c, show_vfsmnt, show_mountinfo].</remarks>
internal sealed class MountText(MountTable mounts, MountFile file) : ITextSource
{
    public string Text()
    {
        StringBuilder text = new();
        foreach (Mount mount in mounts.All)
        {
            text.Append(file == MountFile.Mounts
                ? string.Create(CultureInfo.InvariantCulture, $"{mount.Source} {mount.At} {mount.Type.Name} {mount.Options}{mount.OwnOptions[2..]} 0 0\n")
                : string.Create(CultureInfo.InvariantCulture, $"{mount.Id} {mount.ParentId} 0:{mount.Device} / {mount.At} {mount.Options} - {mount.Type.Name} {mount.Source} {mount.OwnOptions}\n"));
        }

        return text.ToString();
    }
}
