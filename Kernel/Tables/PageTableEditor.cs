using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Tables;

/// <summary>Reads and writes page tables where they lie: in the machine's RAM. There is no other copy.</summary>
/// <remarks>4 KiB leaves under 4-level tables. Source: [Linux include/linux/pgtable.h].</remarks>
public sealed class PageTableEditor
{
    private const PteBits TableBits = PteBits.P | PteBits.RW | PteBits.US | PteBits.A | PteBits.D;

    private readonly PhysicalMemory _ram;
    private readonly FrameTable _frames;
    private readonly IFrameSource _source;
    private readonly MmReport _report;

    /// <summary>An editor over <paramref name="ram"/> that takes tables from <paramref name="source"/>.</summary>
    public PageTableEditor(PhysicalMemory ram, FrameTable frames, IFrameSource source, MmReport report) =>
        (_ram, _frames, _source, _report) = (ram, frames, source, report);

    /// <summary>Tables made so far, roots not counted.</summary>
    public ulong TablesMade { get; private set; }

    /// <summary>Takes an empty PML4; null when memory is out.</summary>
    public PageFrame? TryNewRoot() => TryNewTable();

    /// <summary>The entry in <paramref name="slot"/>.</summary>
    public Pte Read(PhysAddr slot) => new(_ram.ReadUInt64(slot));

    /// <summary>Finds the slot of the PTE for <paramref name="address"/>; false when a table above it is missing.</summary>
    public bool TryFind(Pfn root, VirtAddr address, out PhysAddr slot)
    {
        Pfn table = root;
        for (PagingLevel level = PagingLevel.Pml4; level > PagingLevel.Pt; level--)
        {
            Pte entry = Read(table.EntryAt(level.IndexOf(address)));
            if (!entry.Present || entry.IsLeafAt(level))
            {
                slot = default;
                return false;
            }

            table = entry.Frame;
        }

        slot = table.EntryAt(PagingLevel.Pt.IndexOf(address));
        return true;
    }

    /// <summary>The PTE for <paramref name="address"/>; none when a table above it is missing.</summary>
    public Pte ReadAt(Pfn root, VirtAddr address) => TryFind(root, address, out PhysAddr slot) ? Read(slot) : Pte.None;

    /// <summary>Finds the slot of the PTE for <paramref name="address"/>, making missing tables; false when memory is out.</summary>
    /// <remarks>Tables made before the failure stay; they change no translation.</remarks>
    public bool TryEnsure(Pfn root, VirtAddr address, out PhysAddr slot)
    {
        Pfn table = root;
        for (PagingLevel level = PagingLevel.Pml4; level > PagingLevel.Pt; level--)
        {
            PhysAddr up = table.EntryAt(level.IndexOf(address));
            Pte entry = Read(up);
            if (!entry.Present)
            {
                if (TryNewTable() is not { } made)
                {
                    slot = default;
                    return false;
                }

                entry = Pte.Of(made.Pfn, TableBits);
                _ram.WriteUInt64(up, entry.Raw);
                _report.EntryWritten(up);
                TablesMade++;
            }

            table = entry.Frame;
        }

        slot = table.EntryAt(PagingLevel.Pt.IndexOf(address));
        return true;
    }

    /// <summary>Puts <paramref name="entry"/> into <paramref name="slot"/>; a translation that it takes away dies with <paramref name="gather"/>.</summary>
    /// <returns>The entry that was there, with the A and D bits that the processor had set by then.</returns>
    public Pte Write(PhysAddr slot, VirtAddr address, Pte entry, TlbGather gather)
    {
        Pte old = Read(slot);
        if (TakesAway(old, entry))
        {
            gather.Add(address);
        }

        Put(slot, address, old, entry, gather.Space);
        return old;
    }

    /// <summary>The same for a slot whose entry is not present: no TLB holds anything of it, so there is nothing to gather.</summary>
    internal void Fill(PhysAddr slot, VirtAddr address, Pte entry, in SpaceTag space)
    {
        Pte old = Read(slot);
        Debug.Assert(!old.Present, "a translation that is taken away needs a gather");
        Put(slot, address, old, entry, space);
    }

    private void Put(PhysAddr slot, VirtAddr address, Pte old, Pte entry, in SpaceTag space)
    {
        if (old == entry)
        {
            return;
        }

        _ram.WriteUInt64(slot, entry.Raw);
        _report.EntryWritten(slot);
        if (_report.For(KernelEvent.EntryChanged) is { } events)
        {
            Tell(events, space.Id, address, slot, old, entry);
        }
    }

    /// <summary>Frees the tables that lie wholly between <paramref name="room"/>'s ends; all their leaves are none already.</summary>
    /// <remarks>The root stays. Source: [Linux mm/memory.c, free_pgd_range].</remarks>
    public ulong FreeTables(Pfn root, VirtRange room, TlbGather gather) => FreeBelow(root, PagingLevel.Pml4, room, gather);

    /// <summary>True when the change can leave a TLB with more than the tables give.</summary>
    /// <remarks>More rights alone need no flush: a stale refusal faults, and the fault drops it.</remarks>
    private static bool TakesAway(Pte old, Pte entry)
    {
        const ulong MoreIsHarmless = (ulong)(PteBits.A | PteBits.D | PteBits.RW);
        ulong changed = old.Raw ^ entry.Raw;
        if (!old.Present || changed == 0)
        {
            return false;
        }

        bool onlyMore = (changed & ~MoreIsHarmless) == 0 && (old.Raw & changed) == 0;
        return !onlyMore;
    }

    /// <summary>Apart from the writing, which need not clear room for an event that nobody takes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tell(ITraceSink events, int space, VirtAddr address, PhysAddr slot, Pte old, Pte entry) =>
        events.Take(new TraceEvent(KernelEvent.EntryChanged) { Space = space, Address = address.PageBase, Slot = slot, Old = old, New = entry });

    private PageFrame? TryNewTable()
    {
        if (_source.TryTake(FrameContent.Zero) is not { } frame)
        {
            return null;
        }

        frame.Set(PageFlags.Table);
        return frame;
    }

    /// <summary>Where the first entry that is not zero begins, from <paramref name="start"/> on; <paramref name="end"/> when there is none. Most of a table is empty.</summary>
    private ulong FirstUsed(Pfn table, PagingLevel level, ulong start, ulong end)
    {
        if (start >= end)
        {
            return end;
        }

        ulong entries = ((end - start - 1) >> level.Shift()) + 1;
        ReadOnlySpan<byte> bytes = _ram.Slice(table.EntryAt(level.IndexOf(new VirtAddr(start))), 8 * (int)entries);
        int used = MemoryMarshal.Cast<byte, ulong>(bytes).IndexOfAnyExcept(0UL);
        return used < 0 ? end : start + ((ulong)used << level.Shift());
    }

    private ulong FreeBelow(Pfn table, PagingLevel level, VirtRange room, TlbGather gather)
    {
        ulong freed = 0;
        ulong span = level.Span();
        for (ulong start = FirstUsed(table, level, room.Start.Raw & ~(span - 1), room.End.Raw);
            start < room.End.Raw;
            start = FirstUsed(table, level, start + span, room.End.Raw))
        {
            PhysAddr slot = table.EntryAt(level.IndexOf(new VirtAddr(start)));
            Pte entry = Read(slot);
            if (!entry.Present || entry.IsLeafAt(level))
            {
                continue;
            }

            if (level > PagingLevel.Pd)
            {
                freed += FreeBelow(entry.Frame, level - 1, room.Intersect(VirtRange.Of(new VirtAddr(start), span)), gather);
            }

            if (start >= room.Start.Raw && start + span <= room.End.Raw)
            {
                _ram.WriteUInt64(slot, 0);
                _report.EntryWritten(slot);
                gather.TableFreed(_frames[entry.Frame]);
                freed++;
            }
        }

        return freed;
    }
}
