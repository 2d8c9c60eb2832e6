using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Tables;

/// <summary>Steps over the entries that are not none in a range, lowest address first, past missing tables in one go.</summary>
/// <remarks>Entries may change under the cursor; each is read when it is reached.</remarks>
public struct PteCursor
{
    private readonly PhysicalMemory _ram;
    private readonly Pfn _root;
    private readonly ulong _end;
    private ulong _next;
    private Pfn _table;
    private ulong _tableEnd;

    /// <summary>A cursor before the first entry of <paramref name="range"/>, which is page-aligned.</summary>
    public PteCursor(PhysicalMemory ram, Pfn root, VirtRange range)
    {
        _ram = ram;
        _root = root;
        _next = range.Start.Raw;
        _end = range.End.Raw;
    }

    /// <summary>The page that the entry maps.</summary>
    public VirtAddr Address { get; private set; }

    /// <summary>Where the entry lies.</summary>
    public PhysAddr Slot { get; private set; }

    /// <summary>The entry as it was read.</summary>
    public Pte Entry { get; private set; }

    /// <summary>Goes on to the next entry that is not none; false at the end of the range.</summary>
    public bool MoveNext()
    {
        while (_next < _end)
        {
            if (_next >= _tableEnd && !TryEnterTable())
            {
                continue;
            }

            VirtAddr address = new(_next);
            PhysAddr slot = _table.EntryAt(PagingLevel.Pt.IndexOf(address));
            _next += 4096;
            Pte entry = new(_ram.ReadUInt64(slot));
            if (entry.Raw != 0)
            {
                (Address, Slot, Entry) = (address, slot, entry);
                return true;
            }
        }

        return false;
    }

    /// <summary>Finds the page table of the next page, or skips what the missing table spans.</summary>
    private bool TryEnterTable()
    {
        VirtAddr address = new(_next);
        Pfn table = _root;
        for (PagingLevel level = PagingLevel.Pml4; level > PagingLevel.Pt; level--)
        {
            Pte entry = new(_ram.ReadUInt64(table.EntryAt(level.IndexOf(address))));
            if (!entry.Present || entry.IsLeafAt(level))
            {
                _next = (_next | (level.Span() - 1)) + 1;
                return false;
            }

            table = entry.Frame;
        }

        _table = table;
        _tableEnd = (_next | (PagingLevel.Pd.Span() - 1)) + 1;
        return true;
    }
}
