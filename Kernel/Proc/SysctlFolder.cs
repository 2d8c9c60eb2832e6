using System.Globalization;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Proc;

/// <summary>/proc/sys: the settings that allocators read, which are choices of the run and cannot be written.</summary>
/// <remarks>Source: [Linux Documentation/admin-guide/sysctl/vm.rst].</remarks>
internal sealed class SysctlFolder(TaskSystem system, SysctlLevel level) : IFolderSource
{
    private static readonly string[] _vm = ["max_map_count", "mmap_min_addr", "overcommit_memory", "overcommit_ratio"];

    /// <inheritdoc/>
    public bool Steady => false;

    /// <inheritdoc/>
    public IEnumerable<string> Names => level == SysctlLevel.Top ? ["vm"] : _vm;

    /// <inheritdoc/>
    public Inode? Find(string name) => level switch
    {
        SysctlLevel.Top => name == "vm" ? system.Files.NewFolder(0x16D, new SysctlFolder(system, SysctlLevel.Vm)) : null,
        SysctlLevel.Vm => ValueOf(name) is { } value ? File(value) : null,
    };

    private ulong? ValueOf(string name) => name switch
    {
        "max_map_count" => (ulong)new SpaceLimits().MapCount,
        "mmap_min_addr" => Placement.MinAddress,
        "overcommit_memory" => (ulong)system.Memory.Profile.Overcommit,
        "overcommit_ratio" => Memory.Commit.RatioPercent,
        _ => null,
    };

    private Inode File(ulong value) => new(system.Files.Numbers.Next(), InodeKind.Regular, 0x124)
    {
        Content = new TextContent(new FixedText(value.ToString(CultureInfo.InvariantCulture) + "\n")),
    };
}

/// <summary>A folder of /proc/sys.</summary>
internal enum SysctlLevel
{
    /// <summary>/proc/sys itself.</summary>
    Top,

    /// <summary>/proc/sys/vm.</summary>
    Vm,
}
