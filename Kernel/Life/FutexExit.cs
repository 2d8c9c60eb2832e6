using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.UserCopy;

namespace MmuEmu.Kernel.Life;

/// <summary>What a thread's end does to the locks that it holds: they are marked, and one waiter of each goes on.</summary>
/// <remarks>Source: [Linux kernel/futex/core.c, exit_robust_list, handle_futex_death, exit_pi_state_list].</remarks>
internal static class FutexExit
{
    private const int MostEntries = 2048;
    private const ulong PiBit = 1;
    private const ulong OffsetAt = 8;
    private const ulong PendingAt = 16;

    /// <summary>Lets go of everything; the thread's space is loaded.</summary>
    public static void Leave(TaskSystem system, UserThread thread)
    {
        WalkRobustList(system, thread);
        thread.RobustList = default;
        foreach (FutexWaiter heir in system.Futexes.FirstOfLocksOf(thread))
        {
            FutexWord word = FutexWord.HeldBy(heir.Thread).With(FutexWord.Waiters | FutexWord.OwnerDied);
            ContextSwitch.Within(system, heir.Thread.Process.Space, () => _ = system.Guest.TryWriteUInt32(heir.Word.Raw, word.Raw));
            HandOver(system, heir);
        }
    }

    /// <summary>Makes a waiter the owner of the lock it waits for; its word is written already.</summary>
    public static void HandOver(TaskSystem system, FutexWaiter heir)
    {
        system.Futexes.Wake(heir);
        foreach (FutexWaiter other in system.Futexes.Of(heir.Key))
        {
            other.Owner = heir.Thread;
        }
    }

    private static void WalkRobustList(TaskSystem system, UserThread thread)
    {
        ulong head = thread.RobustList.Raw;
        UserMemory guest = system.Guest;
        if (head == 0
            || !guest.TryReadUInt64(head, out ulong entry)
            || !guest.TryReadUInt64(head + OffsetAt, out ulong offset)
            || !guest.TryReadUInt64(head + PendingAt, out ulong pending))
        {
            return;
        }

        for (int count = 0; (entry & ~PiBit) != head && count < MostEntries; count++)
        {
            bool hasNext = guest.TryReadUInt64(entry & ~PiBit, out ulong next);
            if ((entry & ~PiBit) != (pending & ~PiBit) && !TryRelease(system, thread, entry, offset))
            {
                return;
            }

            if (!hasNext)
            {
                return;
            }

            entry = next;
        }

        if ((pending & ~PiBit) != 0)
        {
            ReleasePending(system, thread, pending, offset);
        }
    }

    /// <summary>The lock that the thread was about to take or had just let go: a waiter may have been left without a wake.</summary>
    private static void ReleasePending(TaskSystem system, UserThread thread, ulong entry, ulong offset)
    {
        ulong address = unchecked((entry & ~PiBit) + offset);
        if ((entry & PiBit) == 0 && (address & 3) == 0 && system.Guest.TryReadUInt32(address, out uint raw) && new FutexWord(raw).Tid == 0)
        {
            WakeOne(system, thread, address);
            return;
        }

        _ = TryRelease(system, thread, entry, offset);
    }

    /// <summary>Marks one lock, if the thread holds it; false when the word cannot be reached.</summary>
    private static bool TryRelease(TaskSystem system, UserThread thread, ulong entry, ulong offset)
    {
        ulong address = unchecked((entry & ~PiBit) + offset);
        if ((address & 3) != 0 || !system.Guest.TryReadUInt32(address, out uint raw))
        {
            return false;
        }

        FutexWord word = new(raw);
        if (word.Tid != thread.Tid)
        {
            return true;
        }

        if (!system.Guest.TryWriteUInt32(address, (raw & FutexWord.Waiters) | FutexWord.OwnerDied))
        {
            return false;
        }

        if ((entry & PiBit) == 0 && word.Has(FutexWord.Waiters))
        {
            WakeOne(system, thread, address);
        }

        return true;
    }

    private static void WakeOne(TaskSystem system, UserThread thread, ulong address) =>
        system.Futexes.Wake(FutexKey.Of(thread.Process.Space, new VirtAddr(address), FutexSharing.Shared), 1, FutexTable.AnyBits);
}
