using System.Globalization;
using System.Text;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Proc;

/// <summary>/proc: a folder for each process, and a few files about the machine.</summary>
/// <remarks>Source: [Linux fs/proc/base.c, task_mmu.c, array.c; Documentation/filesystems/proc.rst].</remarks>
public sealed class ProcFolder(TaskSystem system) : IFolderSource
{
    /// <inheritdoc/>
    public bool Steady => false;

    /// <inheritdoc/>
    public IEnumerable<string> Names
    {
        get
        {
            List<string> names = ["self", "thread-self", "meminfo", "cpuinfo", "uptime", "version", "mounts", "loadavg", "stat", "filesystems"];
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
        "meminfo" => File(MemoryText),
        "cpuinfo" => File(CpuText),
        "uptime" => File(() => string.Create(CultureInfo.InvariantCulture, $"{Seconds(system.Clock.NowNs)} 0.00\n")),
        "version" => File(static () => "Linux version 6.1.0-mmuemu (MmuEmu) #1\n"),
        "mounts" => File(static () => "rootfs / tmpfs rw 0 0\nproc /proc proc rw 0 0\n"),
        "loadavg" => File(() => string.Create(CultureInfo.InvariantCulture, $"0.00 0.00 0.00 1/{system.Processes.ThreadCount} {ProcessTable.FirstPid}\n")),
        "stat" => File(StatText),
        "filesystems" => File(static () => "nodev\tproc\nnodev\ttmpfs\n"),
        _ => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && system.Processes.FindThread(id) is { } task
            ? system.Files.NewFolder(0x16D, new TaskFolder(system, task, TaskLevel.Process))
            : null,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(ulong nanoseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000_000_000}.{nanoseconds / 10_000_000 % 100:00}");

    private Inode File(Func<string> text) => new(system.Files.Numbers.Next(), InodeKind.Regular, 0x124) { Content = new TextContent(text) };

    private Inode Link(string target, Inode? jump) => new(system.Files.Numbers.Next(), InodeKind.Symlink, 0x1FF) { Target = target, Jump = jump };

    private string CpuText()
    {
        StringBuilder text = new();
        foreach (Processor processor in system.Processors.All)
        {
            text.Append(CpuInfoText.Of(processor.Core.Vcpu));
        }

        return text.ToString();
    }

    private string StatText()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"cpu  {Ticks(system.Processors.Cores.Retired)} 0 0 0 0 0 0 0 0 0\n");
        foreach (Processor processor in system.Processors.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"cpu{processor.Number} {Ticks(processor.Core.Retired)} 0 0 0 0 0 0 0 0 0\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"btime {VirtualClock.EpochNs / 1_000_000_000}\n").ToString();
    }

    private static ulong Ticks(ulong instructions) => instructions / 10_000_000;

    private string MemoryText()
    {
        MemorySystem mem = system.Memory;
        StringBuilder text = new();
        void Line(string name, ulong kibibytes) => text.Append(CultureInfo.InvariantCulture, $"{name + ":",-16}{kibibytes,8} kB\n");
        Line("MemTotal", mem.Buddy.ManagedCount * 4);
        Line("MemFree", mem.Buddy.FreeCount * 4);
        Line("MemAvailable", mem.Buddy.FreeCount * 4);
        Line("Buffers", 0);
        Line("Cached", (ulong)(mem.Lru[Frames.LruKind.InactiveFile].Count + mem.Lru[Frames.LruKind.ActiveFile].Count) * 4);
        Line("SwapTotal", (ulong)mem.Swap.TotalSlots * 4);
        Line("SwapFree", (ulong)mem.Swap.FreeSlots * 4);
        return text.ToString();
    }
}
