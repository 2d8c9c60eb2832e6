using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Views;

/// <summary>Looks at frames of RAM.</summary>
internal static class FrameLook
{
    /// <summary>One frame.</summary>
    public static FrameView At(MemorySystem mem, Pfn pfn)
    {
        if (!mem.Ram.Contains(pfn))
        {
            return new FrameView(pfn, FrameUse.Outside);
        }

        if (mem.Buddy.FreeBlockOf(pfn) is { } block)
        {
            return new FrameView(pfn, FrameUse.Free) { Block = block.Pfn, Order = block.Order };
        }

        // Only a frame that was never handed out has no record: one of the first.
        return mem.Frames.PeekHead(pfn) is { } frame ? OfTaken(mem, frame) : new FrameView(pfn, FrameUse.Kernel);
    }

    private static FrameView OfTaken(MemorySystem mem, PageFrame frame)
    {
        FrameView view = new(frame.Pfn, UseOf(mem, frame))
        {
            RefCount = frame.RefCount,
            MapCount = frame.MapCount,
            Flags = frame.Flags,
            Index = frame.Index,
            File = mem.Rmap.FileOf(frame)?.Owner.Name,
            IsLazyFree = frame.Mapping.IsLazyFree,
            Swap = frame.Has(PageFlags.SwapCache) ? SwapEntry.OfRaw(frame.Swap) : default(SwapEntry?),
            Sites = SitesOf(mem, frame),
        };
        view = view.Use == FrameUse.Table ? WithTable(mem, view) : view;
        return frame.Has(PageFlags.Lru) ? WithList(mem, view, frame) : view;
    }

    private static FrameUse UseOf(MemorySystem mem, PageFrame frame) =>
        frame == mem.ZeroFrame ? FrameUse.Zero
        : frame.Has(PageFlags.Table) ? FrameUse.Table
        : frame.Mapping.IsAnon ? FrameUse.Anonymous
        : frame.Mapping.IsFile ? FrameUse.File
        : FrameUse.Kernel;

    private static List<(int Space, VirtAddr Address, Pte Entry)> SitesOf(MemorySystem mem, PageFrame frame)
    {
        List<RmapSite> sites = [];
        mem.Rmap.Collect(frame, RmapWanted.PresentOrSwapped, sites);
        List<(int Space, VirtAddr Address, Pte Entry)> found = [];
        foreach (RmapSite site in sites)
        {
            found.Add((site.Space.Tag.Id, site.Address, site.Entry));
        }

        return found;
    }

    private static FrameView WithList(MemorySystem mem, FrameView view, PageFrame frame)
    {
        LruKind kind = LruLists.KindOf(frame);
        int place = 1;
        for (PageFrame? older = FrameList.After(frame); older is not null; older = FrameList.After(older))
        {
            place++;
        }

        return view with { List = kind, ListPlace = place, ListLength = mem.Lru[kind].Count };
    }

    /// <summary>Looks through the tables of all spaces, which do not say whose they are.</summary>
    private static FrameView WithTable(MemorySystem mem, FrameView view)
    {
        foreach (AddressSpace space in mem.Spaces)
        {
            if (space.Root == view.Frame)
            {
                return view with { TableLevel = space.Tables.Level, TableSpace = space.Tag.Id };
            }

            TableCursor cursor = mem.Editor.Over(space.Tables, new VirtRange(default, new VirtAddr(VirtRange.TaskSize)));
            while (cursor.MoveNextTable())
            {
                if (cursor.Entry.Frame == view.Frame)
                {
                    return view with { TableLevel = cursor.Current.Level - 1, TableSpace = space.Tag.Id, TableStart = cursor.Address };
                }
            }
        }

        return view;
    }
}
