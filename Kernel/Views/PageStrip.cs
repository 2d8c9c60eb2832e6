using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Views;

/// <summary>Pages side by side: one small value each.</summary>
internal static class PageStrip
{
    /// <summary>Fills <paramref name="pages"/> from the page of <paramref name="start"/> on; tables and mappings are gone through once.</summary>
    /// <returns>Pages told: no more than there are up to the end of user addresses.</returns>
    public static int Fill(MemorySystem mem, AddressSpace space, VirtAddr start, Span<PageState> pages)
    {
        ulong left = start.Raw < VirtRange.TaskSize ? (VirtRange.TaskSize - start.PageBase.Raw) >> 12 : 0;
        int count = (int)Math.Min((ulong)pages.Length, left);
        VirtRange range = VirtRange.Of(start.PageBase, (ulong)count << 12);
        TableCursor cursor = mem.Editor.Over(space.Tables, range);
        int next = space.Vmas.IndexAtOrAbove(range.Start);
        for (int i = 0; i < count; i++)
        {
            VirtAddr page = range.Start + ((ulong)i << 12);
            if (i == 0 || !cursor.Current.Range.Contains(page))
            {
                _ = cursor.Step();
            }

            if (next < space.Vmas.Count && space.Vmas[next].End.Raw <= page.Raw)
            {
                next++;
            }

            bool isCovered = next < space.Vmas.Count && space.Vmas[next].Range.Contains(page);
            pages[i] = PageStates.Of(mem, isCovered ? space.Vmas[next] : null, page, cursor.Current);
        }

        return count;
    }
}
