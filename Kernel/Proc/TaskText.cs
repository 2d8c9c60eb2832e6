using System.Globalization;
using System.Text;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Proc;

/// <summary>A file of /proc/PID.</summary>
internal enum TaskFile
{
    /// <summary>maps.</summary>
    Maps,

    /// <summary>vranges: what of the process's memory is volatile.</summary>
    VolatileRanges,

    /// <summary>status.</summary>
    Status,

    /// <summary>stat.</summary>
    Statistics,

    /// <summary>statm.</summary>
    MemoryStatistics,

    /// <summary>comm.</summary>
    Name,

    /// <summary>cmdline.</summary>
    Arguments,

    /// <summary>environ.</summary>
    Environment,

    /// <summary>auxv.</summary>
    AuxiliaryVector,
}

/// <summary>The texts of /proc/PID, and of /proc/PID/task/TID.</summary>
/// <remarks>Source: [Linux fs/proc/array.c, do_task_stat; task_mmu.c, show_map_vma; base.c, tgid_base_stuff].</remarks>
internal sealed class TaskText(TaskSystem system, UserThread thread, TaskLevel level, TaskFile file) : ITextSource
{
    private readonly Process _process = thread.Process;

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

    private const string VsyscallLine = "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n";

    public string Text() => file switch
    {
        TaskFile.Maps => MapsText(),
        TaskFile.VolatileRanges => VolatileText.Of(_process.Memory?.Space),
        TaskFile.Status => StatusText(),
        TaskFile.Statistics => StatText(),
        TaskFile.MemoryStatistics => string.Create(CultureInfo.InvariantCulture, $"{Pages} {Resident} {_process.Memory?.Space.Rss.File ?? 0} 0 0 {Resident} 0\n"),
        TaskFile.Name => thread.Name + "\n",
        TaskFile.Arguments => Zeroes(_process.Program.Arguments),
        TaskFile.Environment => Zeroes(_process.Program.Environment),
        TaskFile.AuxiliaryVector => GuestText.Of(_process.Program.AuxiliaryVector),
    };

    private static string Zeroes(IReadOnlyList<string> texts) => texts.Count == 0 ? "" : string.Join('\0', texts) + "\0";

    private string MapsText()
    {
        StringBuilder text = new();
        foreach (Vma vma in (IEnumerable<Vma>?)_process.Memory?.Space.Vmas ?? [])
        {
            text.Append(MapsLine.Of(vma).ToString()).Append('\n');
        }

        // Nothing is mapped there: fetches at its three entries are served, reads are refused. Source: [Linux arch/x86/entry/vsyscall/vsyscall_64.c, gate_vma].
        return _process.Memory is null ? "" : text.Append(VsyscallLine).ToString();
    }

    private string StatusText() => string.Create(
        CultureInfo.InvariantCulture,
        $"Name:\t{thread.Name}\nUmask:\t{Convert.ToString(_process.Umask, 8).PadLeft(4, '0')}\nState:\t{StateLetter}\nTgid:\t{_process.Pid}\nPid:\t{thread.Tid}\nPPid:\t{_process.ParentPid}\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nVmPeak:\t{Pages * 4,8} kB\nVmSize:\t{Pages * 4,8} kB\nVmRSS:\t{Resident * 4,8} kB\nVmSwap:\t{(_process.Memory?.Space.Rss.Swap ?? 0) * 4,8} kB\nThreads:\t{_process.Threads.Count}\nSigPnd:\t{thread.Pending.Set.Bits:x16}\nShdPnd:\t{_process.Pending.Set.Bits:x16}\nSigBlk:\t{thread.Blocked.Bits:x16}\nCpus_allowed:\t{thread.Affinity & system.Processors.Mask:x}\n");

    private string StatText()
    {
        bool whole = level == TaskLevel.Process;
        ulong instructions = whole ? _process.Instructions : thread.Instructions;
        (FaultAccount faults, Usage children) = (whole ? _process.Faults : thread.Faults, _process.OfChildren);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{thread.Tid} ({thread.Name}) {StateLetter} {_process.ParentPid} {_process.Group} {_process.Session} 0 -1 0 {faults.Minor} {children.MinorFaults} {faults.Major} {children.MajorFaults} {instructions / 10_000_000} 0 {children.Instructions / 10_000_000} 0 20 0 {_process.Threads.Count} 0 {_process.StartedNs / 10_000_000} {Pages << 12} {Resident} 18446744073709551615 0 0 {_process.StackStart.Raw} 0 0 0 0 0 0 0 0 0 17 {thread.Cpu} 0 0 0 0 0\n");
    }
}
