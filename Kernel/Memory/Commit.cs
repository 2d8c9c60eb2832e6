using MmuEmu.Emulator.Memory;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Memory;

/// <summary>Memory that is promised: what private writable mappings and shared ones without a file may come to need, and what files of memory have.</summary>
/// <remarks>Nothing is counted along: promises are summed up when a rule or a reader asks. Source: [Linux mm/util.c, __vm_enough_memory; mm/shmem.c, shmem_acct_size, shmem_acct_blocks].</remarks>
internal static class Commit
{
    /// <summary>Percent of RAM that may be promised in mode 2, vm.overcommit_ratio.</summary>
    public const ulong RatioPercent = 50;

    /// <summary>The most that mode 2 keeps back of one space: 128 MiB, vm.user_reserve_kbytes.</summary>
    private const ulong ReservePages = 1 << 15;

    /// <summary>Pages of RAM and swap.</summary>
    public static ulong MachinePages(MemorySystem mem) => mem.Buddy.ManagedCount + (ulong)mem.Swap.TotalSlots;

    /// <summary>Pages that may be promised in mode 2: CommitLimit of /proc/meminfo.</summary>
    public static ulong LimitPages(MemorySystem mem) => (mem.Buddy.ManagedCount * RatioPercent / 100) + (ulong)mem.Swap.TotalSlots;

    /// <summary>Pages promised now: Committed_AS of /proc/meminfo.</summary>
    public static ulong Pages(MemorySystem mem)
    {
        ulong pages = 0;
        foreach (AddressSpace space in mem.Spaces)
        {
            foreach (Vma vma in space.Vmas)
            {
                pages += vma.Has(VmFlags.Account) ? vma.Range.PageCount : 0;
            }
        }

        foreach (FileMapping file in mem.Rmap.Files)
        {
            pages += file.Owner.PromisedPages;
        }

        return pages;
    }

    /// <summary>Judges a promise of <paramref name="pages"/> more.</summary>
    /// <param name="mem">Memory management.</param>
    /// <param name="space">Whose wish it is; null for nobody's, of whom nothing is kept back.</param>
    /// <param name="pages">Pages.</param>
    /// <returns>None; ENOMEM when the mode of overcommit refuses it.</returns>
    public static Refusal Check(MemorySystem mem, AddressSpace? space, ulong pages)
    {
        switch (mem.Profile.Overcommit)
        {
            case Overcommit.Always:
                return Refusal.None;
            case Overcommit.Heuristic when pages <= MachinePages(mem):
                return Refusal.None;
            case Overcommit.Never:
                ulong limit = LimitPages(mem);
                limit -= Math.Min(limit, Math.Min((space?.Vmas.TotalBytes ?? 0) >> 17, ReservePages));
                return Pages(mem) + pages <= limit ? Refusal.None : Refuse(mem, pages, ErrnoCause.PromisesExhausted);
            default:
                return Refuse(mem, pages, ErrnoCause.MoreThanMachine);
        }
    }

    private static Refusal Refuse(MemorySystem mem, ulong pages, ErrnoCause cause)
    {
        // Of a wish that no machine could fulfil, RAM is not the cause.
        if (pages <= PhysicalMemory.MaxBytes >> 12)
        {
            mem.Report.Refuse(pages << 12);
        }

        return new Refusal(Errno.ENOMEM, cause);
    }
}
