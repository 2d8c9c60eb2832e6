using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Kernel.Windows;

/// <summary>The page tables of the kernel's own range, shared by all address spaces: one table for each 512 windows.</summary>
internal sealed class WindowTables : IWholeOfParts
{
    /// <summary>The first window of the pool.</summary>
    public const ulong PoolBase = 0xFFFF_FF00_0000_0000;

    /// <summary>The first atomic window, 2 MiB times eight above.</summary>
    public const ulong AtomicBase = PoolBase + (PoolTables << 21);

    private const ulong PoolTables = 8;
    private const int EntriesOfTable = 512;
    private const PteBits TableBits = PteBits.P | PteBits.RW | PteBits.A | PteBits.D;
    private const PteBits WindowBits = PteBits.P | PteBits.RW | PteBits.A | PteBits.D | PteBits.G | PteBits.XD;

    private readonly PhysicalMemory _ram;
    private readonly MmReport _report;
    private readonly Pfn _upper;
    private readonly Pfn[] _tables;

    private WindowTables(PhysicalMemory ram, MmReport report, Pfn upper, Pfn[] tables) =>
        (_ram, _report, _upper, _tables) = (ram, report, upper, tables);

    /// <summary>Tables with no window open; null when RAM is too small for them.</summary>
    public static WindowTables? TryMake(PhysicalMemory ram, IFrameSource source, MmReport report)
    {
        Pfn[] taken = new Pfn[PoolTables + 3];
        for (int i = 0; i < taken.Length; i++)
        {
            if (source.TryTake(FrameContent.Zero) is not { } frame)
            {
                return null;
            }

            frame.Set(PageFlags.Table);
            taken[i] = frame.Pfn;
        }

        (Pfn upper, Pfn middle) = (taken[0], taken[1]);
        Pfn[] tables = taken[2..];
        VirtAddr first = new(PoolBase);
        ram.WriteUInt64(upper.EntryAt(PagingLevel.Pdpt.IndexOf(first)), Pte.Of(middle, TableBits).Raw);
        for (int i = 0; i < tables.Length; i++)
        {
            ram.WriteUInt64(middle.EntryAt(PagingLevel.Pd.IndexOf(first) + i), Pte.Of(tables[i], TableBits).Raw);
        }

        return new WindowTables(ram, report, upper, tables);
    }

    /// <summary>Makes the range part of the address space under <paramref name="root"/>.</summary>
    public void Install(Pfn root) => _ram.WriteUInt64(root.EntryAt(PagingLevel.Pml4.IndexOf(new VirtAddr(PoolBase))), Pte.Of(_upper, TableBits).Raw);

    /// <summary>The entry of a window.</summary>
    public Pte Read(VirtAddr window) => new(_ram.ReadUInt64(SlotOf(window)));

    /// <summary>Opens a window on <paramref name="frame"/>; what TLBs hold of it is the caller's affair.</summary>
    public void Open(VirtAddr window, Pfn frame) => Write(window, Pte.Of(frame, WindowBits));

    /// <summary>Closes a window.</summary>
    public void Close(VirtAddr window) => Write(window, Pte.None);

    private void Write(VirtAddr window, Pte entry)
    {
        PhysAddr slot = SlotOf(window);
        _ram.WriteUInt64(slot, entry.Raw);
        _report.EntryWritten(slot);
    }

    private PhysAddr SlotOf(VirtAddr window)
    {
        int number = (int)((window.Raw - PoolBase) >> 12);
        return _tables[number / EntriesOfTable].EntryAt(number % EntriesOfTable);
    }
}
