using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Delivery;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
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
        if (Choose(system, out int candidates) is not { } victim)
        {
            return false;
        }

        RssCounters rss = victim.Space.Rss;
        system.Notices(new Notice(NoticeKind.OutOfMemory) { Victim = victim.Title, Resident = rss.Resident, Swapped = rss.Swap });
        system.Memory.Counters.Add(MmCounter.OomKill);
        victim.KilledForMemory = true;
        system.Shortages.Note(ShortageOf(system, victim, candidates));
        SignalSend.ToProcess(victim, new SigInfo(Signal.SIGKILL, SigCode.Kernel, default));
        if (victim == system.Current?.Process || victim.Space == system.Guest.Space)
        {
            return false;
        }

        ProcessEnd.End(system, victim, WaitStatus.Killed(Signal.SIGKILL));
        return true;
    }

    /// <summary>What is to be told of a kill for want of memory: who asked, what the victim held, what reclaim was left with.</summary>
    public static MemoryShortage ShortageOf(TaskSystem system, Process victim, int candidates)
    {
        MemorySystem mem = system.Memory;
        RssCounters? rss = victim.Memory?.Space.Rss;
        return new MemoryShortage("", Errno.None, victim.ToString(), mem.Report.RefusedBytes, system.Processors.Cores.Retired)
        {
            Asker = system.Current?.Process.Title,
            AskedBy = system.Current?.Call?.Number,
            Candidates = candidates,
            Resident = rss?.Resident ?? 0,
            Swapped = rss?.Swap ?? 0,
            Tables = rss?.Tables ?? 0,
            FreePages = mem.Buddy.FreeCount,
            AnonymousPages = mem.Lru[LruKind.InactiveAnon].Count + mem.Lru[LruKind.ActiveAnon].Count,
            FilePages = mem.Lru[LruKind.InactiveFile].Count + mem.Lru[LruKind.ActiveFile].Count,
            UnevictablePages = mem.Lru[LruKind.Unevictable].Count,
            FreeSlots = mem.Swap.FreeSlots,
        };
    }

    private static Process? Choose(TaskSystem system, out int candidates)
    {
        candidates = 0;
        Process? worst = null;
        long most = -1;
        foreach (Process process in system.Processes.All)
        {
            if (process.Memory is { } memory && !process.KilledForMemory)
            {
                RssCounters rss = memory.Space.Rss;
                candidates++;
                long badness = rss.Resident + rss.Swap + rss.Tables;
                (worst, most) = badness > most ? (process, badness) : (worst, most);
            }
        }

        return worst;
    }
}
