using System.Globalization;
using System.Text;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Proc;

/// <summary>Of what a folder in /proc tells.</summary>
internal enum TaskLevel
{
    /// <summary>/proc/PID: the process, by way of its first thread.</summary>
    Process,

    /// <summary>/proc/PID/task/TID: one thread.</summary>
    Thread,
}

/// <summary>/proc/PID, and /proc/PID/task/TID.</summary>
/// <remarks>Source: [Linux fs/proc/base.c, tgid_base_stuff, tid_base_stuff; fs/proc/array.c, do_task_stat].</remarks>
internal sealed class TaskFolder(TaskSystem system, UserThread thread, TaskLevel level) : IFolderSource
{
    private static readonly string[] Common = ["exe", "cwd", "root", "maps", "status", "stat", "statm", "comm", "cmdline", "environ", "auxv", "fd"];

    private readonly Process _process = thread.Process;

    public bool Steady => false;

    public IEnumerable<string> Names => level == TaskLevel.Process ? [.. Common, "task"] : Common;

    private ulong Pages => (_process.Memory?.Space.Vmas.TotalBytes ?? 0) >> 12;

    private long Resident => _process.Memory?.Space.Rss.Resident ?? 0;

    private char StateLetter => _process.State switch
    {
        ProcessState.Zombie or ProcessState.Reaped => 'Z',
        ProcessState.Stopped => 'T',
        ProcessState.Alive => thread.State switch
        {
            RunState.Runnable => 'R',
            RunState.Waiting => 'S',
            RunState.Dead => 'Z',
        },
    };

    public Inode? Find(string name) => name switch
    {
        "exe" => Link(_process.Program.Path, _process.Program.File),
        "cwd" => Link(_process.WorkingDirectory.Path, _process.WorkingDirectory.Inode),
        "root" => Link("/", system.Files.Root.Inode),
        "maps" => File(MapsText),
        "status" => File(StatusText),
        "stat" => File(StatText),
        "statm" => File(() => string.Create(CultureInfo.InvariantCulture, $"{Pages} {Resident} {_process.Memory?.Space.Rss.File ?? 0} 0 0 {Resident} 0\n")),
        "comm" => File(() => thread.Name + "\n"),
        "cmdline" => File(() => Zeroes(_process.Program.Arguments)),
        "environ" => File(() => Zeroes(_process.Program.Environment)),
        "auxv" => new Inode(system.Files.Numbers.Next(), InodeKind.Regular, 0x100) { Content = new TextContent(() => Encoding.Latin1.GetString(_process.Program.AuxiliaryVector)) },
        "fd" => system.Files.NewFolder(0x140, new DescriptorFolder(system, _process)),
        "task" when level == TaskLevel.Process => system.Files.NewFolder(0x16D, new TasksFolder(system, _process)),
        _ => null,
    };

    private static string Zeroes(IReadOnlyList<string> texts) => texts.Count == 0 ? "" : string.Join('\0', texts) + "\0";

    private Inode File(Func<string> text) => new(system.Files.Numbers.Next(), InodeKind.Regular, 0x124) { Content = new TextContent(text) };

    private Inode Link(string target, Inode jump) => new(system.Files.Numbers.Next(), InodeKind.Symlink, 0x1FF) { Target = target, Jump = jump };

    private string MapsText()
    {
        StringBuilder text = new();
        foreach (Vma vma in (IEnumerable<Vma>?)_process.Memory?.Space.Vmas ?? [])
        {
            text.Append(MapsLine.Of(vma).ToString()).Append('\n');
        }

        return text.ToString();
    }

    private string StatusText() => string.Create(
        CultureInfo.InvariantCulture,
        $"Name:\t{thread.Name}\nUmask:\t{Convert.ToString(_process.Umask, 8).PadLeft(4, '0')}\nState:\t{StateLetter}\nTgid:\t{_process.Pid}\nPid:\t{thread.Tid}\nPPid:\t{_process.ParentPid}\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nVmPeak:\t{Pages * 4,8} kB\nVmSize:\t{Pages * 4,8} kB\nVmRSS:\t{Resident * 4,8} kB\nVmSwap:\t{(_process.Memory?.Space.Rss.Swap ?? 0) * 4,8} kB\nThreads:\t{_process.Threads.Count}\nSigPnd:\t{thread.Pending.Set.Bits:x16}\nShdPnd:\t{_process.Pending.Set.Bits:x16}\nSigBlk:\t{thread.Blocked.Bits:x16}\nCpus_allowed:\t{thread.Affinity & system.Processors.Mask:x}\n");

    private string StatText()
    {
        ulong instructions = level == TaskLevel.Process ? _process.Instructions : thread.Instructions;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{thread.Tid} ({thread.Name}) {StateLetter} {_process.ParentPid} {_process.Group} {_process.Session} 0 -1 0 0 0 0 0 {instructions / 10_000_000} 0 {_process.ChildInstructions / 10_000_000} 0 20 0 {_process.Threads.Count} 0 {_process.StartedNs / 10_000_000} {Pages << 12} {Resident} 18446744073709551615 0 0 {_process.StackStart.Raw} 0 0 0 0 0 0 0 0 0 17 {thread.Cpu} 0 0 0 0 0\n");
    }

    /// <summary>/proc/PID/task.</summary>
    private sealed class TasksFolder(TaskSystem system, Process process) : IFolderSource
    {
        public bool Steady => false;

        public IEnumerable<string> Names
        {
            get
            {
                foreach (UserThread thread in process.Threads)
                {
                    yield return thread.Tid.ToString(CultureInfo.InvariantCulture);
                }
            }
        }

        public Inode? Find(string name)
        {
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int tid))
            {
                return null;
            }

            UserThread? found = process.Threads.Find(thread => thread.Tid == tid);
            return found is null ? null : system.Files.NewFolder(0x16D, new TaskFolder(system, found, TaskLevel.Thread));
        }
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
                    yield return fd.ToString(CultureInfo.InvariantCulture);
                }
            }
        }

        public Inode? Find(string name) =>
            int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int fd) && process.Files.TryGet(fd, out OpenFile? file)
                ? new Inode(system.Files.Numbers.Next(), InodeKind.Symlink, 0x1C0) { Target = file.Path, Jump = file.Inode }
                : null;
    }
}
