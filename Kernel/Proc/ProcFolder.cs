using System.Globalization;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Proc;

/// <summary>/proc: a folder for each process, and a few files about the machine.</summary>
/// <remarks>Source: [Linux fs/proc/base.c, task_mmu.c, array.c; Documentation/filesystems/proc.rst].</remarks>
internal sealed class ProcFolder(TaskSystem system) : IFolderSource
{
    /// <inheritdoc/>
    public bool Steady => false;

    /// <inheritdoc/>
    public IEnumerable<string> Names
    {
        get
        {
            List<string> names = ["self", "thread-self", "meminfo", "cpuinfo", "uptime", "version", "mounts", "loadavg", "stat", "filesystems", "sys", "vmstat", "locks"];
            foreach (Process process in system.Processes.All)
            {
                names.Add(Text(process.Pid));
            }

            return names;
        }
    }

    /// <inheritdoc/>
    public Inode? Find(string name) => name switch
    {
        "self" => system.Current is { } current ? Link(Text(current.Process.Pid), null) : null,
        "thread-self" => system.Current is { } thread ? Link($"{Text(thread.Process.Pid)}/task/{Text(thread.Tid)}", null) : null,
        "meminfo" => File(new MachineText(system, MachineFile.Memory)),
        "cpuinfo" => File(new MachineText(system, MachineFile.Processors)),
        "uptime" => File(new MachineText(system, MachineFile.UpTime)),
        "version" => File(new FixedText("Linux version 6.1.0-mmuemu (MmuEmu) #1\n")),
        "mounts" => Link("self/mounts", null),
        "loadavg" => File(new MachineText(system, MachineFile.Load)),
        "stat" => File(new MachineText(system, MachineFile.Statistics)),
        "locks" => File(new FileLockText(system)),
        "vmstat" => File(new VmStatText(system.Memory)),
        "filesystems" => File(new FixedText("nodev\tproc\nnodev\tsysfs\nnodev\ttmpfs\nnodev\tdevtmpfs\nnodev\toverlay\n")),
        "sys" => system.Files.NewFolder(0x16D, new SysctlFolder(system, SysctlLevel.Top), system.Files.Mounts.Proc),
        _ => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && system.Processes.FindThread(id) is { } task
            ? system.Files.NewFolder(0x16D, new TaskFolder(system, task, TaskLevel.Process), system.Files.Mounts.Proc)
            : null,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Inode File(ITextSource text) => new(system.Files.Numbers.Next(), InodeKind.Regular, 0x124) { Content = new TextContent(text), Mount = system.Files.Mounts.Proc };

    private Inode Link(string target, Inode? jump) => new(system.Files.Numbers.Next(), InodeKind.Symlink, 0x1FF) { Target = target, Jump = jump, Mount = system.Files.Mounts.Proc };
}
