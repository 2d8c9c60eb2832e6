using System.Globalization;
using System.Text;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Tasks;

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
            List<string> names = ["self", "meminfo", "cpuinfo", "uptime", "version", "mounts", "loadavg", "stat", "filesystems"];
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
        "meminfo" => File(MemoryText),
        "cpuinfo" => File(() => CpuInfoText.Of(system.Core.Vcpu)),
        "uptime" => File(() => string.Create(CultureInfo.InvariantCulture, $"{Seconds(system.Clock.NowNs)} 0.00\n")),
        "version" => File(static () => "Linux version 6.1.0-mmuemu (MmuEmu) #1\n"),
        "mounts" => File(static () => "rootfs / tmpfs rw 0 0\nproc /proc proc rw 0 0\n"),
        "loadavg" => File(() => string.Create(CultureInfo.InvariantCulture, $"0.00 0.00 0.00 1/{system.Processes.Count} {ProcessTable.FirstPid}\n")),
        "stat" => File(() => string.Create(CultureInfo.InvariantCulture, $"cpu  {system.Processors.Cores.Retired / 10_000_000} 0 0 0 0 0 0 0 0 0\nbtime {VirtualClock.EpochNs / 1_000_000_000}\n")),
        "filesystems" => File(static () => "nodev\tproc\nnodev\ttmpfs\n"),
        _ => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && system.Processes.Find(pid) is { } process
            ? system.Files.NewFolder(0x16D, new ProcessFolder(system, process))
            : null,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(ulong nanoseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000_000_000}.{nanoseconds / 10_000_000 % 100:00}");

    private Inode File(Func<string> text) => new(system.Files.Numbers.Next(), InodeKind.Regular, 0x124) { Content = new TextContent(text) };

    private Inode Link(string target, Inode? jump) => new(system.Files.Numbers.Next(), InodeKind.Symlink, 0x1FF) { Target = target, Jump = jump };

    private string MemoryText()
    {
        Rmap.MemorySystem mem = system.Memory;
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

    /// <summary>/proc/PID.</summary>
    private sealed class ProcessFolder(TaskSystem system, Process process) : IFolderSource
    {
        public bool Steady => false;

        public IEnumerable<string> Names =>
            ["exe", "cwd", "root", "maps", "status", "stat", "statm", "comm", "cmdline", "environ", "auxv", "fd"];

        public Inode? Find(string name) => name switch
        {
            "exe" => Link(process.Program.Path, process.Program.File),
            "cwd" => Link(process.WorkingDirectory.Path, process.WorkingDirectory.Inode),
            "root" => Link("/", system.Files.Root.Inode),
            "maps" => File(MapsText),
            "status" => File(StatusText),
            "stat" => File(StatText),
            "statm" => File(() => string.Create(CultureInfo.InvariantCulture, $"{Pages} {Resident} {process.Memory?.Space.Rss.File ?? 0} 0 0 {Resident} 0\n")),
            "comm" => File(() => process.Name + "\n"),
            "cmdline" => File(() => Zeroes(process.Program.Arguments)),
            "environ" => File(() => Zeroes(process.Program.Environment)),
            "auxv" => new Inode(system.Files.Numbers.Next(), InodeKind.Regular, 0x100) { Content = new TextContent(() => Encoding.Latin1.GetString(process.Program.AuxiliaryVector)) },
            "fd" => system.Files.NewFolder(0x140, new DescriptorFolder(system, process)),
            _ => null,
        };

        private ulong Pages => (process.Memory?.Space.Vmas.TotalBytes ?? 0) >> 12;

        private long Resident => process.Memory?.Space.Rss.Resident ?? 0;

        private char StateLetter => process.State switch
        {
            ProcessState.Zombie or ProcessState.Reaped => 'Z',
            ProcessState.Stopped => 'T',
            ProcessState.Alive => process == system.Current?.Process ? 'R' : 'S',
        };

        private static string Zeroes(IReadOnlyList<string> texts) => texts.Count == 0 ? "" : string.Join('\0', texts) + "\0";

        private Inode File(Func<string> text) => new(system.Files.Numbers.Next(), InodeKind.Regular, 0x124) { Content = new TextContent(text) };

        private Inode Link(string target, Inode jump) => new(system.Files.Numbers.Next(), InodeKind.Symlink, 0x1FF) { Target = target, Jump = jump };

        private string MapsText()
        {
            StringBuilder text = new();
            foreach (Vma vma in (IEnumerable<Vma>?)process.Memory?.Space.Vmas ?? [])
            {
                text.Append(MapsLine.Of(vma)).Append('\n');
            }

            return text.ToString();
        }

        private string StatusText() => string.Create(
            CultureInfo.InvariantCulture,
            $"Name:\t{process.Name}\nUmask:\t{Convert.ToString(process.Umask, 8).PadLeft(4, '0')}\nState:\t{StateLetter}\nTgid:\t{process.Pid}\nPid:\t{process.Pid}\nPPid:\t{process.ParentPid}\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nVmPeak:\t{Pages * 4,8} kB\nVmSize:\t{Pages * 4,8} kB\nVmRSS:\t{Resident * 4,8} kB\nVmSwap:\t{(process.Memory?.Space.Rss.Swap ?? 0) * 4,8} kB\nThreads:\t{process.Threads.Count}\n");

        private string StatText() => string.Create(
            CultureInfo.InvariantCulture,
            $"{process.Pid} ({process.Name}) {StateLetter} {process.ParentPid} {process.Group} {process.Session} 0 -1 0 0 0 0 0 {process.Instructions / 10_000_000} 0 {process.ChildInstructions / 10_000_000} 0 20 0 1 0 {process.StartedNs / 10_000_000} {Pages << 12} {Resident} 18446744073709551615 0 0 {process.StackStart.Raw} 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0\n");
    }

    /// <summary>/proc/PID/fd.</summary>
    private sealed class DescriptorFolder(TaskSystem system, Process process) : IFolderSource
    {
        public bool Steady => false;

        public IEnumerable<string> Names
        {
            get
            {
                foreach (int fd in process.Files.Descriptors)
                {
                    yield return Text(fd);
                }
            }
        }

        public Inode? Find(string name) =>
            int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int fd) && process.Files.TryGet(fd, out OpenFile? file)
                ? new Inode(system.Files.Numbers.Next(), InodeKind.Symlink, 0x1C0) { Target = file.Path, Jump = file.Inode }
                : null;
    }
}
