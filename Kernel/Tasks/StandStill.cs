using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Tasks;

/// <summary>All that decides what a copy which is made anew will meet, in words that can be compared, for a moment at which nobody else can run.</summary>
/// <remarks>
/// Pages are named by their owners, not by their frames or slots, which change when a page goes out and comes back. When two passes end with the
/// same words, the next one ends with them too. TLBs are left out: what left the tables has left them.
/// </remarks>
internal static class StandStill
{
    /// <summary>The words; null when there is no standstill, because another thread can run, a person may type, or a rule names a later pass of a copy.</summary>
    public static ulong[]? Of(TaskSystem system, UserThread self)
    {
        List<ulong> words = [];
        if (TerminalWait.Find(system) is not null)
        {
            return null;
        }

        foreach (Process process in system.Processes.All)
        {
            foreach (UserThread thread in process.Threads)
            {
                if (IsActive(system, thread, self))
                {
                    return null;
                }

                Add(words, thread, self);
            }
        }

        Add(words, system.Memory);
        return [.. words];
    }

    /// <summary>The next moment at which anything but a copy that is repeated in vain goes on by itself; <see cref="VirtualClock.Never"/> for none.</summary>
    public static ulong EndsAtNs(TaskSystem system, UserThread self) =>
        Deadlines.NextNs(system, thread => thread != self && thread.Wait is { Cause: not VainCopyWait });

    private static bool IsActive(TaskSystem system, UserThread thread, UserThread self)
    {
        bool acted = thread.Call?.Copy is { } copy && system.Copies?.Points?.ActsLater(copy.Passes) == true;
        return acted || (thread != self && (thread.State == RunState.Runnable || (thread.State == RunState.Waiting && WaitEnd.IsOver(system, thread))));
    }

    private static void Add(List<ulong> words, UserThread thread, UserThread self)
    {
        words.Add((ulong)thread.Tid);
        words.Add((ulong)thread.State);
        if (thread != self && thread.Call?.Copy is { } copy)
        {
            words.AddRange([(ulong)copy.Step, (ulong)copy.Touched, (ulong)copy.Copied, copy.Offset]);
        }
    }

    private static void Add(List<ulong> words, MemorySystem mem)
    {
        words.Add((ulong)mem.Swap.FreeSlots);
        for (int order = 0; order <= BuddyAllocator.MaxOrder; order++)
        {
            words.Add((ulong)mem.Buddy.FreeBlocks(order));
        }

        for (LruKind kind = LruKind.InactiveAnon; kind <= LruKind.Unevictable; kind++)
        {
            for (PageFrame? frame = mem.Lru[kind].Head; frame is not null; frame = FrameList.After(frame))
            {
                words.AddRange([frame.Mapping.Raw, frame.Index, (ulong)frame.Flags, (ulong)frame.RefCount, (ulong)frame.MapCount]);
            }
        }

        foreach (AddressSpace space in mem.Spaces)
        {
            Add(words, mem, space);
        }
    }

    private static void Add(List<ulong> words, MemorySystem mem, AddressSpace space)
    {
        TableCursor cursor = mem.Editor.Over(space.Tables, new VirtRange(default, new(VirtRange.TaskSize)));
        while (cursor.MoveNext())
        {
            if (cursor.TryPte(out PteSlot at))
            {
                words.Add(at.Address.Raw);
                words.Add(at.Entry.Present ? at.Entry.Raw & ~Pte.FrameMask : (ulong)mem.SoftPtes.KindOf(at.Entry));
            }
        }
    }
}
