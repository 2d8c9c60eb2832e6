using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Huge;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>The pages of an address space, given to a purge.</summary>
internal static class SpacePages
{
    /// <summary>Gives every page that is in memory within <paramref name="range"/> to <paramref name="purge"/>, lowest address first.</summary>
    /// <returns>Frames freed.</returns>
    public static ulong Offer(MemorySystem mem, AddressSpace space, VirtRange range, PagePurge purge, RangePurger purger, ReclaimReason reason)
    {
        ulong freed = 0;
        TableCursor cursor = mem.Editor.Over(space.Tables, range);
        while (cursor.MoveNext())
        {
            if (!cursor.IsPte && mem.Vrange.SplitsHugePages && HugeSplit.Over(mem, space, cursor.Address))
            {
                cursor.Again();
            }
            else if (cursor.TryPte(out PteSlot at) && SoftPteFormat.HasFrame(at.Entry) && !SoftPteFormat.IsSpecial(at.Entry))
            {
                PageFrame frame = mem.Frames[at.Entry.Frame];
                freed += purge.TryFree(frame, purger.MappersOf(frame), reason);
            }
        }

        return freed;
    }
}
