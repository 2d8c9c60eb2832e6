using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Paging;

/// <summary>The entries that a walk did not read, because a paging-structure cache let it begin below the root.</summary>
public static class UpperEntries
{
    /// <summary>What the tables hold above the first entry of a walk; for views: reads RAM, changes nothing.</summary>
    /// <param name="ram">Guest RAM.</param>
    /// <param name="mode">CR3 and the height of the tables, as the walk had them.</param>
    /// <param name="address">The canonical address that was walked for.</param>
    /// <param name="path">The entries that the walk read, highest first.</param>
    /// <returns>
    /// The entries from the root to the one above the first of <paramref name="path"/>; it ends early at an entry that leads to no table.
    /// Empty when the walk began at the root or read nothing.
    /// </returns>
    public static WalkPath Above(PhysicalMemory ram, in PagingMode mode, VirtAddr address, in WalkPath path)
    {
        WalkPath above = default;
        PagingLevel first = path.Count == 0 ? mode.RootLevel : path[0].Level;
        Pfn table = mode.Root;
        for (PagingLevel level = mode.RootLevel; level > first; level--)
        {
            PhysAddr slot = table.EntryAt(level.IndexOf(address));
            Pte entry = new(ram.ReadUInt64(slot));
            above.Add(new WalkStep(level, slot, entry));
            if (!entry.Present || entry.IsLeafAt(level))
            {
                break;
            }

            table = entry.Frame;
        }

        return above;
    }

    /// <summary>True when the entries above lead to the table in which the walk began: what the cache remembered still holds.</summary>
    /// <param name="above">What <see cref="Above"/> gave, not empty.</param>
    /// <param name="path">The entries that the walk read.</param>
    public static bool LeadTo(in WalkPath above, in WalkPath path)
    {
        WalkStep last = above.Last;
        return last.Level == path[0].Level + 1 && last.Entry.Present && !last.Entry.IsLeafAt(last.Level)
            && last.Entry.Frame == path[0].Slot.Frame;
    }
}
