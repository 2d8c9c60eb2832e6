using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>An address space as the owner of ranges: its pages are found in its tables.</summary>
internal sealed class SpaceOwner(AddressSpace space, MemorySystem mem, IPageMappers mappers) : IVolatileOwner
{
    /// <summary>The address space; the keys of its ranges are virtual byte addresses.</summary>
    public AddressSpace Space => space;

    /// <inheritdoc/>
    public bool IsBusy => space.IsWriteHeld;

    /// <inheritdoc/>
    public IPageMappers Mappers => mappers;

    /// <inheritdoc/>
    public ulong OfferPages(ByteInterval bytes, PagePurge purge, ReclaimReason reason)
    {
        ulong freed = 0;
        TableCursor cursor = mem.Editor.Over(space.Tables, new VirtRange(new VirtAddr(bytes.First), new VirtAddr(bytes.Last + 1)));
        while (cursor.MoveNext())
        {
            // A larger leaf is not on the lists that purging asks.
            if (cursor.TryPte(out PteSlot at) && SoftPteFormat.HasFrame(at.Entry) && !SoftPteFormat.IsSpecial(at.Entry))
            {
                freed += purge.TryFree(mem.Frames[at.Entry.Frame], mappers, reason);
            }
        }

        return freed;
    }
}
