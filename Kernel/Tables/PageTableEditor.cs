using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Tables;

/// <summary>Reads and writes page tables where they lie: in the machine's RAM. There is no other copy.</summary>
/// <remarks>Pages of every size under 4- and 5-level roots; every change of a leaf has a gather in hand. Source: [Linux include/linux/pgtable.h].</remarks>
internal sealed class PageTableEditor : IStateful
{
    private const PteBits TableBits = PteBits.P | PteBits.RW | PteBits.US | PteBits.A | PteBits.D;

    private readonly PhysicalMemory _ram;
    private readonly FrameTable _frames;
    private readonly IFrameSource _source;
    private readonly MmReport _report;

    /// <summary>Tables that are to fail; null for none.</summary>
    public FailPoints? FailPoints { get; set; }

    /// <summary>An editor over <paramref name="ram"/> that takes tables from <paramref name="source"/>.</summary>
    public PageTableEditor(PhysicalMemory ram, FrameTable frames, IFrameSource source, MmReport report) =>
        (_ram, _frames, _source, _report) = (ram, frames, source, report);

    /// <summary>Tables made so far, roots not counted.</summary>
    public ulong TablesMade { get; private set; }

    /// <summary>Takes an empty PML4; null when memory is out.</summary>
    public PageFrame? TryNewRoot() => TryNewTable();

    /// <summary>The entry in <paramref name="slot"/>.</summary>
    public Pte Read(PhysAddr slot) => new(_ram.ReadUInt64(slot));

    /// <summary>A cursor over the tables under <paramref name="root"/>, before the first entry of the page-aligned <paramref name="range"/>.</summary>
    public TableCursor Over(in TableRoot root, VirtRange range) => new(_ram, root, range);

    /// <summary>The entry that decides for <paramref name="address"/>: a leaf of any size, or the one where a table or a page is missing.</summary>
    public TableEntry Find(in TableRoot root, VirtAddr address)
    {
        (Pfn table, PagingLevel level) = (root.Table, root.Level);
        _ = Descend(_ram, ref table, ref level, PagingLevel.Pt, address, out PhysAddr slot, out Pte entry);
        return new TableEntry(new VirtAddr(address.Raw & ~(level.Span() - 1)), level, slot, entry);
    }

    /// <summary>Finds the 4 KiB entry for <paramref name="address"/>; <paramref name="pte"/> says something only when it is found.</summary>
    public Descent FindPte(in TableRoot root, VirtAddr address, out PteSlot pte)
    {
        (Pfn table, PagingLevel level) = (root.Table, root.Level);
        Descent met = Descend(_ram, ref table, ref level, PagingLevel.Pt, address, out PhysAddr slot, out Pte entry);
        pte = new PteSlot(address.PageBase, slot, entry);
        return met;
    }

    /// <summary>The way down, for cursors too: from a table to the entry at the wanted level, or to the one at which the way ends.</summary>
    /// <param name="ram">Where the tables are.</param>
    /// <param name="table">The table to begin with; the one of the entry afterwards.</param>
    /// <param name="level">Its level.</param>
    /// <param name="wanted">The level of the wanted entry, at most <paramref name="level"/>.</param>
    /// <param name="address">The address.</param>
    /// <param name="slot">Out: where the entry lies.</param>
    /// <param name="entry">Out: what was read there.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Descent Descend(
        PhysicalMemory ram, ref Pfn table, ref PagingLevel level, PagingLevel wanted, VirtAddr address, out PhysAddr slot, out Pte entry)
    {
        while (true)
        {
            slot = table.EntryAt(level.IndexOf(address));
            entry = new(ram.ReadUInt64(slot));
            if (level == wanted)
            {
                return IsTable(entry, level) ? Descent.Smaller : Descent.Found;
            }

            if (!IsTable(entry, level))
            {
                return entry.Raw == 0 ? Descent.NoTable : Descent.Larger;
            }

            table = entry.Frame;
            level--;
        }
    }

    /// <summary>True when <paramref name="entry"/>, met at <paramref name="level"/>, leads to a table.</summary>
    internal static bool IsTable(Pte entry, PagingLevel level) => entry.Present && !entry.IsLeafAt(level);

    /// <summary>Takes <paramref name="cursor"/> to the entry of a page of <paramref name="size"/> at <paramref name="address"/>, making missing tables.</summary>
    /// <returns>How it ended; <see cref="Descent.NoTable"/> when memory is out.</returns>
    /// <remarks>Tables made before the failure stay; they change no translation.</remarks>
    public Descent Make(ref TableCursor cursor, VirtAddr address, PageSize size)
    {
        Descent met = cursor.Seek(address, size);
        while (met == Descent.NoTable && TryNewTable() is { } made)
        {
            PhysAddr up = cursor.Slot;
            if (Read(up).Raw == 0)
            {
                _ram.WriteUInt64(up, Pte.Of(made.Pfn, TableBits).Raw);
                _report.EntryWritten(up);
                TablesMade++;
            }
            else
            {
                // Somebody filled the place while the table was sought.
                made.Clear(PageFlags.Table);
                _source.Release(made);
            }

            met = cursor.Seek(address, size);
        }

        return met;
    }

    /// <summary>Puts <paramref name="entry"/> into the place of <paramref name="at"/>; a translation that it takes away dies with <paramref name="gather"/>.</summary>
    /// <returns>The entry that was there, with the A and D bits that the processor had set by then.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Pte Write(in PteSlot at, Pte entry, TlbGather gather) => Write(at.Slot, at.Address, entry, gather);

    /// <summary>The same for a page of any size: a leaf of its level, or none; the entry that was there leads to no table.</summary>
    public Pte Write(in TableEntry at, Pte entry, TlbGather gather)
    {
        Pte old = Read(at.Slot);
        Debug.Assert(!old.Present || old.IsLeafAt(at.Level), "a table would be lost");
        Debug.Assert(!entry.Present || entry.IsLeafAt(at.Level), "the entry would lead to a page as if it were a table");
        if (TakesAway(old, entry))
        {
            gather.Add(at.Address, at.Size);
        }

        Put(at.Slot, at.Address, old, entry, gather.Space.Id);
        return old;
    }

    /// <summary>Puts <paramref name="entry"/> into <paramref name="slot"/> of a page table; a translation that it takes away dies with <paramref name="gather"/>.</summary>
    /// <returns>The entry that was there, with the A and D bits that the processor had set by then.</returns>
    public Pte Write(PhysAddr slot, VirtAddr address, Pte entry, TlbGather gather)
    {
        Pte old = Read(slot);
        if (TakesAway(old, entry))
        {
            gather.Add(address);
        }

        Put(slot, address, old, entry, gather.Space.Id);
        return old;
    }

    /// <summary>The same for a slot whose entry is not present: no TLB holds anything of it, so there is nothing to gather.</summary>
    internal void Fill(PhysAddr slot, VirtAddr address, Pte entry, int space)
    {
        Pte old = Read(slot);
        Debug.Assert(!old.Present, "a translation that is taken away needs a gather");
        Put(slot, address, old, entry, space);
    }

    /// <summary>Makes the entry that leads to a table none; the caches of paging structures forget the way with <paramref name="gather"/>.</summary>
    internal void Unhook(in TableEntry at, TlbGather gather)
    {
        gather.TableUnhooked();
        Put(at.Slot, at.Address, Read(at.Slot), Pte.None, gather.Space.Id);
    }

    /// <summary>Takes an empty table that nothing leads to yet; null when memory is out.</summary>
    internal PageFrame? TryNewSpare() => TryNewTable();

    private void Put(PhysAddr slot, VirtAddr address, Pte old, Pte entry, int space)
    {
        if (old == entry)
        {
            return;
        }

        _ram.WriteUInt64(slot, entry.Raw);
        _report.EntryWritten(slot);
        if (_report.For(KernelEvent.EntryChanged) is { } events)
        {
            Tell(events, space, address, slot, old, entry);
        }
    }

    /// <summary>Frees the tables over any part of <paramref name="emptied"/> that lie wholly in <paramref name="room"/> and hold nothing any more.</summary>
    /// <param name="root">Whose tables.</param>
    /// <param name="emptied">Where entries went away.</param>
    /// <param name="room">What no mapping reaches into; it holds <paramref name="emptied"/>.</param>
    /// <param name="gather">Takes the tables until they are flushed.</param>
    /// <returns>Tables freed; the root stays.</returns>
    /// <remarks>Source: [Linux mm/memory.c, free_pgd_range].</remarks>
    public ulong FreeTables(in TableRoot root, VirtRange emptied, VirtRange room, TlbGather gather)
    {
        ulong freed = 0;
        TableCursor cursor = new(_ram, root, emptied);
        while (cursor.MoveNextTable())
        {
            TableEntry up = cursor.Current;
            if (room.Contains(up.Range) && IsEmpty(up.Entry.Frame))
            {
                _ram.WriteUInt64(up.Slot, 0);
                _report.EntryWritten(up.Slot);
                gather.TableFreed(_frames[up.Entry.Frame]);
                freed++;
            }
        }

        return freed;
    }

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
        if (FailPoints?.Strikes(FailKind.Tables) == true || _source.TryTake(FrameContent.Zero) is not { } frame)
        {
            return null;
        }

        frame.Set(PageFlags.Table);
        return frame;
    }

    /// <summary>By sixteen words at a time: nearly all tables that are asked about are empty, so all of them are read.</summary>
    private bool IsEmpty(Pfn table)
    {
        ReadOnlySpan<Vector128<ulong>> rest = MemoryMarshal.Cast<byte, Vector128<ulong>>(_ram.Slice(table.Base, 4096));
        for (; rest.Length >= 8; rest = rest[8..])
        {
            Vector128<ulong> low = rest[0] | rest[1] | rest[2] | rest[3];
            Vector128<ulong> high = rest[4] | rest[5] | rest[6] | rest[7];
            if ((low | high) != Vector128<ulong>.Zero)
            {
                return false;
            }
        }

        return true;
    }

    object IStateful.Save(object? last) => TablesMade;

    void IStateful.Restore(object state) => TablesMade = (ulong)state;
}
