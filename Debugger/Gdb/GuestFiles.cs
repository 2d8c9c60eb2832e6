using System.Globalization;
using System.Text;
using MmuEmu.Debugger.Source;
using MmuEmu.Guests;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Gdb;

/// <summary>What a debugger may read by path: the files that the guest runs and maps, and a /proc made of what the kernel's views say.</summary>
internal static class GuestFiles
{
    private const string Proc = "/proc/";

    /// <summary>The content of a file; null when the guest has no such file open to look at.</summary>
    public static byte[]? Read(GdbSession session, string path)
    {
        if (TrySplit(session, path, out ProcessView? process, out string name))
        {
            return process is null ? null : OfProcess(session, process, name);
        }

        return session.Look(view => view.TryReadFile(path, out byte[]? content) ? Described(path, content)
            : view.TryReadFile(SameName(view, path), out content) ? content : null);
    }

    /// <summary>A program that ships comes with its debug information, which the guest itself has not: gdb is to need no other file.</summary>
    private static byte[] Described(string path, byte[] content) =>
        GuestCatalogue.TryFindFileAt(path, out string? host) ? JoinedElf.Of(host, content) : content;

    /// <summary>The one mapped file of the same name: a program names its libraries by links, which lead elsewhere by the time they are mapped.</summary>
    private static string SameName(KernelView view, string path)
    {
        List<string> found =
        [
            .. view.Spaces().SelectMany(space => view.Objects(space.Id)).Select(mapped => mapped.Path).Distinct()
                .Where(mapped => Path.GetFileName(mapped) == Path.GetFileName(path)),
        ];
        return found.Count == 1 && path.StartsWith('/') ? found[0] : "";
    }

    /// <summary>Where a symbolic link of /proc leads; null for all other paths.</summary>
    public static string? LinkOf(GdbSession session, string path) =>
        TrySplit(session, path, out ProcessView? process, out string name) && process is not null && name == "exe" ? process.Location : null;

    private static bool TrySplit(GdbSession session, string path, out ProcessView? process, out string name)
    {
        (process, name) = (null, "");
        if (!path.StartsWith(Proc, StringComparison.Ordinal))
        {
            return false;
        }

        string[] parts = path[Proc.Length..].Split('/');
        if (parts is [_, _] or [_, "task", _, _])
        {
            process = parts[0] == "self" && session.Picked is { } task ? Find(session, task.Pid)
                : int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? Find(session, pid)
                : null;
            name = parts[^1];
        }

        return true;
    }

    private static ProcessView? Find(GdbSession session, int pid) => session.Seen.Processes.FirstOrDefault(process => process.Pid == pid);

    private static byte[]? OfProcess(GdbSession session, ProcessView process, string name) => name switch
    {
        "maps" => Text(session, process, vma => vma.MapsLine + "\n"),
        "smaps" => Text(session, process, Smaps),
        "status" => Encoding.UTF8.GetBytes(StatusOf(session, process)),
        "comm" => Encoding.UTF8.GetBytes(process.Name + "\n"),
        "cmdline" => Encoding.UTF8.GetBytes(string.Concat(process.Arguments.Select(argument => argument + "\0"))),
        "environ" => Encoding.UTF8.GetBytes(string.Concat(process.Environment.Select(setting => setting + "\0"))),
        "auxv" => process.AuxiliaryVector.ToArray(),
        "exe" => session.Look(view => view.TryReadFile(process.Location, out byte[]? content) ? Described(process.Location, content) : null),
        _ => null,
    };

    private static byte[] Text(GdbSession session, ProcessView process, Func<VmaView, string> line) =>
        Encoding.UTF8.GetBytes(process.Space is { } space ? string.Concat(session.Look(view => view.Vmas(space)).Select(line)) : "");

    private static string Smaps(VmaView vma) => string.Create(
        CultureInfo.InvariantCulture,
        $"{vma.MapsLine}\nSize:{Kilobytes(vma.Range.LengthBytes)}\nRss:{Kilobytes((ulong)vma.ResidentPages << 12)}\nSwap:{Kilobytes((ulong)vma.SwapPages << 12)}\nLazyFree:{Kilobytes((ulong)vma.LazyFreePages << 12)}\nPurged:{Kilobytes((ulong)vma.PurgedPages << 12)}\n");

    private static string Kilobytes(ulong bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 10,16} kB");

    private static string StatusOf(GdbSession session, ProcessView process)
    {
        SpaceView? space = process.Space is { } number ? session.Look(view => view.SpaceOf(number)) : null;
        TaskView? first = session.Seen.Tasks.FirstOrDefault(task => task.Pid == process.Pid);
        char state = first?.Wait.Kind switch
        {
            WaitKind.Nothing => 'R',
            WaitKind.Continue => 'T',
            WaitKind.Reaping or null => 'Z',
            _ => 'S',
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Name:\t{process.Name}\nState:\t{state}\nTgid:\t{process.Pid}\nPid:\t{process.Pid}\nPPid:\t{process.Parent}\nVmSize:{Kilobytes(space?.MappedBytes ?? 0)}\nVmRSS:{Kilobytes((ulong)(space?.ResidentPages ?? 0) << 12)}\nVmSwap:{Kilobytes((ulong)(space?.SwapPages ?? 0) << 12)}\nThreads:\t{process.Threads.Count}\n");
    }
}
