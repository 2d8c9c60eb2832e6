using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>What a file is called and numbered, as stat and /proc/PID/maps tell it; shared by the inode and what backs its mappings.</summary>
/// <param name="path">The path that it was made or found by.</param>
/// <param name="number">st_ino.</param>
/// <param name="device">st_dev, major * 256 + minor.</param>
internal sealed class FileLabel(string path, ulong number, uint device) : IStateful
{
    /// <summary>The path that it had last.</summary>
    public string Path { get; set; } = path;

    /// <summary>True when no name is left.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>st_ino.</summary>
    public ulong Number { get; } = number;

    /// <summary>st_dev.</summary>
    public uint Device { get; } = device;

    /// <summary>The path as Linux shows it. Source: [Linux fs/d_path.c].</summary>
    public string Shown => IsDeleted ? Path + " (deleted)" : Path;

    object IStateful.Save(object? last) => SavedItems.Same((Path, IsDeleted), last);

    void IStateful.Restore(object state) => (Path, IsDeleted) = ((string, bool))state;
}
