using System.Runtime.InteropServices;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Tables;

/// <summary>A place in a space's page tables: goes to an address, or steps over a range, whatever the sizes of the pages.</summary>
/// <remarks>
/// <code>
///  root ─► table ─► table ─► table     while it stays inside the last table, only that one is read
///                     │        └ none, a leaf, a marker: the entry that decides (4 KiB)
///                     └ none, a leaf of 2 MiB
/// </code>
/// Entries may change under the cursor; each is read when it is reached. Tables may be added under it, and those that
/// <see cref="MoveNextTable"/> gave may be freed; when any other table is freed the cursor is of no use any more.
/// It only reads; <see cref="PageTableEditor"/> writes. Source: [Linux mm/pagewalk.c; asterinas ostd/src/mm/page_table/cursor].
/// </remarks>
internal struct TableCursor
{
    private readonly PhysicalMemory _ram;
    private readonly Pfn _root;
    private readonly PagingLevel _rootLevel;
    private readonly ulong _end;
    private ulong _next;
    private Pfn _table;
    private PagingLevel _level;
    private ulong _tableStart;
    private ulong _tableLast;
    private PagingLevel _entryLevel;
    private ulong _met;

    /// <summary>A cursor before the first entry of <paramref name="range"/>, which is page-aligned.</summary>
    public TableCursor(PhysicalMemory ram, in TableRoot root, VirtRange range)
    {
        _ram = ram;
        (_root, _rootLevel) = (root.Table, root.Level);
        _next = range.Start.Raw;
        _end = range.End.Raw;
        BackToRoot();
    }

    /// <summary>The first address that the entry decides.</summary>
    public VirtAddr Address { get; private set; }

    /// <summary>Where the entry lies.</summary>
    public PhysAddr Slot { get; private set; }

    /// <summary>The entry as it was read.</summary>
    public Pte Entry { get; private set; }

    /// <summary>The entry that the cursor is at.</summary>
    public readonly TableEntry Current => new(Address, _entryLevel, Slot, Entry);

    /// <summary>True when the entry is one of a page table, false when it decides more than 4 KiB.</summary>
    public readonly bool IsPte => _entryLevel == PagingLevel.Pt;

    /// <summary>The entry that the cursor is at as one of a page table; false for one that decides more than 4 KiB.</summary>
    public readonly bool TryPte(out PteSlot pte)
    {
        pte = new PteSlot(Address, Slot, Entry);
        return _entryLevel == PagingLevel.Pt;
    }

    /// <summary>
    /// Goes to the entry of a page of <paramref name="size"/> at <paramref name="address"/>, which need not lie in the range;
    /// to the one at which the way there ends when there is none. Steps go on behind it.
    /// </summary>
    public Descent Seek(VirtAddr address, PageSize size = PageSize.Size4K)
    {
        PagingLevel wanted = (PagingLevel)size;
        bool stays = address.Raw >= _tableStart && address.Raw <= _tableLast && _level >= wanted;
        (Pfn table, PagingLevel level) = stays ? (_table, _level) : (_root, _rootLevel);
        Descent met = PageTableEditor.Descend(_ram, ref table, ref level, wanted, address, out PhysAddr slot, out Pte entry);
        if (!stays || level != _level)
        {
            Enter(table, level, address.Raw);
        }

        Stand(address.Raw, slot, entry);
        return met;
    }

    /// <summary>Goes on to the next entry that decides, none or not; false at the end of the range.</summary>
    /// <remarks>An entry that begins before the range or ends behind it is met too.</remarks>
    public bool Step()
    {
        if (_next >= _end)
        {
            return false;
        }

        _ = Seek(new VirtAddr(_next));
        return true;
    }

    /// <summary>Goes on to the next entry that is not none, of any size, past missing tables in one go; false at the end of the range.</summary>
    /// <remarks>A leaf that begins before the range or ends behind it is met too.</remarks>
    public bool MoveNext()
    {
        // Most steps stay in one page table and meet an entry.
        if (_level == PagingLevel.Pt && _next <= _tableLast && _next < _end)
        {
            PhysAddr next = _table.EntryAt(PagingLevel.Pt.IndexOf(new VirtAddr(_next)));
            Pte there = new(_ram.ReadUInt64(next));
            if (there.Raw != 0)
            {
                (Address, Slot, Entry, _entryLevel) = (new VirtAddr(_next).PageBase, next, there, PagingLevel.Pt);
                _next = After(_next | 4095);
                return true;
            }
        }

        return MoveFar();
    }

    private bool MoveFar()
    {
        while (_next < _end)
        {
            bool stays = _next <= _tableLast;
            (Pfn table, PagingLevel level) = stays ? (_table, _level) : (_root, _rootLevel);
            _ = PageTableEditor.Descend(_ram, ref table, ref level, PagingLevel.Pt, new VirtAddr(_next), out PhysAddr slot, out Pte entry);
            if (!stays || level != _level)
            {
                Enter(table, level, _next);
            }

            if (entry.Raw != 0)
            {
                Stand(_next, slot, entry);
                return true;
            }

            _next = AfterNone(slot);
        }

        return false;
    }

    /// <summary>Makes the next step begin where the entry was met: a table of smaller pages has taken the place of a larger leaf.</summary>
    public void Again() => _next = _met;

    /// <summary>Goes on to the next entry that is none: a hole, as wide as the missing page or table; false at the end of the range.</summary>
    public bool MoveNextHole()
    {
        while (Step())
        {
            if (Entry.Raw == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Goes on to the next entry that leads to a table, lowest first, each after those below it; false when only the root is left.</summary>
    /// <remarks>A table that only begins or ends in the range is given too.</remarks>
    public bool MoveNextTable()
    {
        while (true)
        {
            if (_next >= _end || _next > _tableLast || _level == PagingLevel.Pt)
            {
                return TryLeave();
            }

            PhysAddr slot = _table.EntryAt(_level.IndexOf(new VirtAddr(_next)));
            Pte entry = new(_ram.ReadUInt64(slot));
            if (entry.Raw == 0)
            {
                _next = AfterNone(slot);
            }
            else if (PageTableEditor.IsTable(entry, _level))
            {
                Enter(entry.Frame, _level - 1, _next);
            }
            else
            {
                _next = After(_next | (_level.Span() - 1));
            }
        }
    }

    /// <summary>Goes to the entry that led to the table, and leaves the table behind.</summary>
    private bool TryLeave()
    {
        if (_level == _rootLevel)
        {
            return false;
        }

        (VirtAddr start, ulong last, PagingLevel above) = (new VirtAddr(_tableStart), _tableLast, _level + 1);
        BackToRoot();
        while (_level > above)
        {
            Enter(new Pte(_ram.ReadUInt64(_table.EntryAt(_level.IndexOf(start)))).Frame, _level - 1, start.Raw);
        }

        PhysAddr slot = _table.EntryAt(_level.IndexOf(start));
        (Address, Slot, Entry, _entryLevel) = (start, slot, new Pte(_ram.ReadUInt64(slot)), above);
        _next = Math.Max(_next, After(last));
        return true;
    }

    private void Stand(ulong address, PhysAddr slot, Pte entry)
    {
        ulong within = _level.Span() - 1;
        (Address, Slot, Entry, _entryLevel) = (new VirtAddr(address & ~within), slot, entry, _level);
        (_met, _next) = (address, After(address | within));
    }

    /// <summary>Goes to a table that spans <paramref name="address"/>; every address belongs to the root.</summary>
    private void Enter(Pfn table, PagingLevel level, ulong address)
    {
        ulong within = (level.Span() << 9) - 1;
        (_table, _level) = (table, level);
        (_tableStart, _tableLast) = level == _rootLevel ? (0, ulong.MaxValue) : (address & ~within, address | within);
    }

    private void BackToRoot() => Enter(_root, _rootLevel, 0);

    /// <summary>One past <paramref name="last"/>, at most the range's end: the last address of all has nothing behind it.</summary>
    private readonly ulong After(ulong last) => last >= _end ? _end : last + 1;

    /// <summary>Where the next entry of the table begins that is not none, or the next table: most of a table is empty.</summary>
    private readonly ulong AfterNone(PhysAddr slot)
    {
        int shift = _level.Shift();
        ulong last = Math.Min(_tableLast, _end - 1);
        int rest = (int)Math.Min((last >> shift) - (_next >> shift), 511UL - (slot.Raw >> 3 & 511));
        ReadOnlySpan<byte> bytes = _ram.Slice(slot + 8, 8 * rest);
        int used = MemoryMarshal.Cast<byte, ulong>(bytes).IndexOfAnyExcept(0UL);
        return After((_next | (_level.Span() - 1)) + ((ulong)(used < 0 ? rest : used) << shift));
    }
}
