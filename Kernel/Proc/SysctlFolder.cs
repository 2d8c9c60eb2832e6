using System.Globalization;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Proc;

/// <summary>/proc/sys: the settings of memory; those that are choices of the run cannot be written.</summary>
/// <remarks>Source: [Linux Documentation/admin-guide/sysctl/vm.rst].</remarks>
internal sealed class SysctlFolder(TaskSystem system, SysctlLevel level) : IFolderSource
{
    private static readonly string[] VmNames = ["max_map_count", "mmap_min_addr", "nr_hugepages", "overcommit_memory", "overcommit_ratio"];

    /// <inheritdoc/>
    public bool Steady => false;

    /// <inheritdoc/>
    public IEnumerable<string> Names => level switch
    {
        SysctlLevel.Top => ["kernel", "vm"],
        SysctlLevel.Kernel => ["shm-use-bigpages"],
        SysctlLevel.Vm => VmNames,
    };

    /// <inheritdoc/>
    public Inode? Find(string name) => level switch
    {
        SysctlLevel.Top => name switch
        {
            "kernel" => Down(SysctlLevel.Kernel),
            "vm" => Down(SysctlLevel.Vm),
            _ => null,
        },
        SysctlLevel.Kernel => name == "shm-use-bigpages" ? Setting(new HugeSegmentSetting(system.Memory)) : null,
        SysctlLevel.Vm => name == "nr_hugepages" ? Setting(new HugePoolSetting(system.Memory)) : ValueOf(name) is { } value ? File(value) : null,
    };

    private Inode Down(SysctlLevel into) => system.Files.NewFolder(0x16D, new SysctlFolder(system, into), system.Files.Mounts.Proc);

    private Inode Setting(ISetting setting) =>
        new(system.Files.Numbers.Next(), InodeKind.Regular, 0x1A4) { Content = new SettingContent(setting), Mount = system.Files.Mounts.Proc };

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
        Mount = system.Files.Mounts.Proc,
        Content = new TextContent(new FixedText(value.ToString(CultureInfo.InvariantCulture) + "\n")),
    };
}

/// <summary>A folder of /proc/sys.</summary>
internal enum SysctlLevel
{
    /// <summary>/proc/sys itself.</summary>
    Top,

    /// <summary>/proc/sys/kernel.</summary>
    Kernel,

    /// <summary>/proc/sys/vm.</summary>
    Vm,
}
