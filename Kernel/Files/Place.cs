namespace MmuEmu.Kernel.Files;

/// <summary>A file together with the way that led to it: what a path resolves to.</summary>
/// <param name="Inode">The file.</param>
/// <param name="Name">The last name; empty for the root.</param>
/// <param name="Parent">The directory; null for the root.</param>
internal sealed record Place(Inode Inode, string Name, Place? Parent)
{
    /// <summary>The absolute path without symbolic links.</summary>
    public string Path
    {
        get
        {
            if (Parent is null)
            {
                return "/";
            }

            return Parent.Parent is null ? $"/{Name}" : $"{Parent.Path}/{Name}";
        }
    }
}

/// <summary>A name in a directory, whether or not something has it.</summary>
/// <param name="Folder">The directory.</param>
/// <param name="Name">The name.</param>
/// <param name="Inode">What has the name; null when nothing does.</param>
/// <param name="MustBeFolder">The path ended in a slash.</param>
internal readonly record struct NamedSlot(Place Folder, string Name, Inode? Inode, bool MustBeFolder)
{
    /// <summary>The absolute path.</summary>
    public string Path => Folder.Parent is null ? $"/{Name}" : $"{Folder.Path}/{Name}";
}
