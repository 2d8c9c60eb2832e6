using System.Globalization;
using System.Text;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Proc;

/// <summary>/proc/locks: all locks on files, the youngest first, and below each who waits for it.</summary>
/// <remarks>Source: [Linux fs/locks.c, locks_show, lock_get_status, __locks_insert_block].</remarks>
internal sealed class FileLockText(TaskSystem system) : ITextSource
{
    public string Text()
    {
        StringBuilder text = new();
        int number = 0;
        foreach (FileLock held in All())
        {
            AddLine(text, ++number, held);
            AddWaiters(text, number, 0, FileLockQueue.WaitersOf(system, held));
        }

        return text.ToString();
    }

    /// <summary>A lock as /proc shows it.</summary>
    /// <param name="text">Where the line goes.</param>
    /// <param name="number">Its number in the list.</param>
    /// <param name="shown">The lock.</param>
    /// <param name="mark">What stands before a request that waits.</param>
    public static void AddLine(StringBuilder text, int number, FileLock shown, string mark = "")
    {
        string kind = shown.Kind switch
        {
            FileLockKind.Flock => "FLOCK ",
            FileLockKind.Posix => "POSIX ",
            FileLockKind.Description => "OFDLCK",
        };
        string mode = shown.Mode == FileLockMode.Write ? "WRITE" : "READ";
        int pid = shown.Kind == FileLockKind.Description ? -1 : shown.Pid;
        Inode inode = shown.File.Inode;
        string last = shown.Last == FileLock.MaxOffset ? "EOF" : shown.Last.ToString(CultureInfo.InvariantCulture);
        text.Append(CultureInfo.InvariantCulture, $"{number}: {mark}{kind} ADVISORY  {mode} {pid} 00:{inode.Mount?.Device ?? 0:x2}:{inode.Number} {shown.First} {last}\n");
    }

    /// <summary>Who waits for a lock, and below each who waits for that one's turn.</summary>
    private static void AddWaiters(StringBuilder text, int number, int depth, List<FileLock> waiters)
    {
        while (waiters.Count > 0)
        {
            FileLock first = waiters[0];
            waiters.RemoveAt(0);
            AddLine(text, number, first, new string(' ', depth) + "-> ");
            List<FileLock> behind = waiters.FindAll(first.Excludes);
            waiters.RemoveAll(first.Excludes);
            AddWaiters(text, number, depth + 1, behind);
        }
    }

    private List<FileLock> All()
    {
        List<FileLock> all = [];
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        foreach (Process process in system.Processes.All)
        {
            foreach (int fd in process.Files.Descriptors)
            {
                if (process.Files.TryGet(fd, out OpenFile? file) && file.Inode.MayHaveLocks && seen.Add(file.Inode.Locks))
                {
                    all.AddRange(file.Inode.Locks.All);
                }
            }
        }

        // What was split off and what split it came at once.
        all.Sort(static (a, b) => a.Order == b.Order ? a.First.CompareTo(b.First) : b.Order.CompareTo(a.Order));
        return all;
    }
}

/// <summary>/proc/PID/fdinfo/FD: a descriptor, and the locks that its description or its table came to by it.</summary>
/// <remarks>Source: [Linux fs/proc/fd.c, seq_show; fs/locks.c, show_fd_locks].</remarks>
internal sealed class DescriptorText(Process process, int descriptor) : ITextSource
{
    public string Text()
    {
        StringBuilder text = new();
        if (!process.Files.TryGet(descriptor, out OpenFile? file))
        {
            return "";
        }

        uint flags = (uint)(file.StatusFlags | (process.Files.OnExecOf(descriptor) == OnExec.Close ? OpenFlags.CloseOnExec : 0));
        text.Append(CultureInfo.InvariantCulture, $"pos:\t{file.Position}\nflags:\t0{Convert.ToString(flags, 8)}\n");
        text.Append(CultureInfo.InvariantCulture, $"mnt_id:\t{file.Inode.Mount?.Id ?? 0}\nino:\t{file.Inode.Number}\n");
        int number = 0;
        foreach (FileLock held in file.Inode.MayHaveLocks ? file.Inode.Locks.All : [])
        {
            if (held.File == file && (ReferenceEquals(held.Owner, file) || ReferenceEquals(held.Owner, process.Files)))
            {
                text.Append("lock:\t");
                FileLockText.AddLine(text, ++number, held);
            }
        }

        return text.ToString();
    }
}
