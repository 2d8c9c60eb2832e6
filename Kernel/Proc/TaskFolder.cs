using System.Globalization;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Tasks;

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
    private static readonly string[] Common = ["exe", "cwd", "root", "maps", "smaps", "vranges", "status", "stat", "statm", "comm", "cmdline", "environ", "auxv", "fd", "fdinfo", "mounts", "mountinfo"];

    private readonly Process _process = thread.Process;

    public bool Steady => false;

    public IEnumerable<string> Names => level == TaskLevel.Process ? [.. Common, "task"] : Common;

    public Inode? Find(string name) => name switch
    {
        "exe" => Link(_process.Program.Location, _process.Program.File),
        "cwd" => Link(_process.WorkingDirectory.Path, _process.WorkingDirectory.Inode),
        "root" => Link("/", system.Files.Root.Inode),
        "maps" => File(TaskFile.Maps),
        "vranges" => File(TaskFile.VolatileRanges),
        "smaps" => new Inode(system.Files.Numbers.Next(), InodeKind.Regular, 0x124) { Content = new TextContent(new SmapsText(system.Memory, _process)) },
        "status" => File(TaskFile.Status),
        "stat" => File(TaskFile.Statistics),
        "statm" => File(TaskFile.MemoryStatistics),
        "comm" => File(TaskFile.Name),
        "cmdline" => File(TaskFile.Arguments),
        "environ" => File(TaskFile.Environment),
        "auxv" => File(TaskFile.AuxiliaryVector, 0x100),
        "fd" => system.Files.NewFolder(0x140, new DescriptorFolder(system, _process, DescriptorLevel.File), system.Files.Mounts.Proc),
        "fdinfo" => system.Files.NewFolder(0x16D, new DescriptorFolder(system, _process, DescriptorLevel.Information), system.Files.Mounts.Proc),
        "mounts" => File(new MountText(system.Files.Mounts, MountFile.Mounts)),
        "mountinfo" => File(new MountText(system.Files.Mounts, MountFile.Information)),
        "task" when level == TaskLevel.Process => system.Files.NewFolder(0x16D, new TasksFolder(system, _process), system.Files.Mounts.Proc),
        _ => null,
    };

    private Inode File(TaskFile file, uint mode = 0x124) => File(new TaskText(system, thread, level, file), mode);

    private Inode File(ITextSource text, uint mode = 0x124) =>
        new(system.Files.Numbers.Next(), InodeKind.Regular, mode) { Content = new TextContent(text), Mount = system.Files.Mounts.Proc };

    private Inode Link(string target, Inode jump) => new(system.Files.Numbers.Next(), InodeKind.Symlink, 0x1FF) { Target = target, Jump = jump, Mount = system.Files.Mounts.Proc };

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
            return found is null ? null : system.Files.NewFolder(0x16D, new TaskFolder(system, found, TaskLevel.Thread), system.Files.Mounts.Proc);
        }
    }

    /// <summary>What a folder shows of each descriptor.</summary>
    private enum DescriptorLevel
    {
        /// <summary>A link to the file.</summary>
        File,

        /// <summary>A text about it.</summary>
        Information,
    }

    /// <summary>/proc/PID/fd and /proc/PID/fdinfo.</summary>
    private sealed class DescriptorFolder(TaskSystem system, Process process, DescriptorLevel level) : IFolderSource
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

        public Inode? Find(string name)
        {
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int fd) || !process.Files.TryGet(fd, out OpenFile? file))
            {
                return null;
            }

            ulong number = system.Files.Numbers.Next();
            Mount mount = system.Files.Mounts.Proc;
            return level switch
            {
                DescriptorLevel.File => new Inode(number, InodeKind.Symlink, 0x1C0) { Target = file.Shown, Jump = file.Inode, Mount = mount },
                DescriptorLevel.Information => new Inode(number, InodeKind.Regular, 0x124) { Content = new TextContent(new DescriptorText(process, fd)), Mount = mount },
            };
        }
    }
}
