using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Delivery;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Life;

/// <summary>Frees memory by ending the process that holds most of it.</summary>
/// <remarks>Source: [Linux mm/oom_kill.c, oom_badness, oom_kill_process].</remarks>
internal static class OomKiller
{
    /// <summary>Kills one process: at once, or on its way out of the kernel when it is the one that runs.</summary>
    /// <returns>True when memory came free and the access may be tried again.</returns>
    public static bool Run(TaskSystem system)
    {
        if (Choose(system) is not { } victim)
        {
            return false;
        }

        RssCounters rss = victim.Space.Rss;
        system.Notices(new Notice(NoticeKind.OutOfMemory) { Victim = victim.Title, Resident = rss.Resident, Swapped = rss.Swap });
        system.Memory.Counters.Add(MmCounter.OomKill);
        victim.KilledForMemory = true;
        system.Shortages.Note(new MemoryShortage("", Errno.None, victim.ToString(), system.Memory.Report.RefusedBytes, system.Processors.Cores.Retired));
        SignalSend.ToProcess(victim, new SigInfo(Signal.SIGKILL, SigCode.Kernel, default));
        if (victim == system.Current?.Process || victim.Space == system.Guest.Space)
        {
            return false;
        }

        ProcessEnd.End(system, victim, WaitStatus.Killed(Signal.SIGKILL));
        return true;
    }

    private static Process? Choose(TaskSystem system)
    {
        Process? worst = null;
        long most = -1;
        foreach (Process process in system.Processes.All)
        {
            if (process.Memory is { } memory && !process.KilledForMemory)
            {
                RssCounters rss = memory.Space.Rss;
                long badness = rss.Resident + rss.Swap + rss.Tables;
                (worst, most) = badness > most ? (process, badness) : (worst, most);
            }
        }

        return worst;
    }
}
