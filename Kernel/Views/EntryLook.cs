using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Views;

/// <summary>Looks at single entries.</summary>
internal static class EntryLook
{
    private const int AddressBits = 48;

    /// <summary>The entry that decides for <paramref name="address"/>, with the way to it.</summary>
    public static EntryView At(MemorySystem mem, AddressSpace space, VirtAddr address)
    {
        if (!address.IsCanonical(AddressBits))
        {
            return new EntryView(space.Tag.Id, address, default, SoftPteKind.None, PageState.None);
        }

        WalkPath path = Walk(mem, space, address, out Rights rights);
        WalkStep last = path.Last;
        TableEntry at = new(new VirtAddr(address.Raw & ~(last.Level.Span() - 1)), last.Level, last.Slot, last.Entry);
        SoftPteKind kind = mem.SoftPtes.KindOf(last.Entry);
        bool isLeaf = SoftPteFormat.HasFrame(last.Entry);
        return new EntryView(space.Tag.Id, address, path, kind, PageStates.Of(mem, VmaLook.Covering(space, address), address.PageBase, at))
        {
            Size = isLeaf ? at.Size : default(PageSize?),
            Rights = last.Entry.Present ? rights : default(Rights?),
            Frame = isLeaf ? PageStates.FrameOf(at, address)
                : kind is SoftPteKind.MigrationRead or SoftPteKind.MigrationWrite or SoftPteKind.HwPoison ? new Pfn(SoftPteFormat.SwapOf(last.Entry).Offset)
                : default(Pfn?),
            Swap = kind == SoftPteKind.Swap ? SoftPteFormat.SwapOf(last.Entry) : default(Swap.SwapEntry?),
        };
    }

    /// <summary>All entries from the root to the one that decides; no right is asked, and no bit is set.</summary>
    private static WalkPath Walk(MemorySystem mem, AddressSpace space, VirtAddr address, out Rights rights)
    {
        WalkPath path = default;
        TableRoot root = space.Tables;
        Pfn table = root.Table;
        rights = Rights.All;
        for (PagingLevel level = root.Level; ; level--)
        {
            PhysAddr slot = table.EntryAt(level.IndexOf(address));
            Pte entry = mem.Editor.Read(slot);
            path.Add(new WalkStep(level, slot, entry));
            if (!PageTableEditor.IsTable(entry, level))
            {
                rights = entry.Present ? rights.Narrow(entry) : rights;
                return path;
            }

            rights = rights.Narrow(entry);
            table = entry.Frame;
        }
    }
}
