using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Perf.Measure;

/// <summary>Page tables for 4 KiB pages in a row, each of them walked through four levels.</summary>
internal sealed class FlatTables : IDisposable
{
    public const ulong Start = 0x4000_0000;
    private const ulong Root = 1;
    private const PteBits Bits = PteBits.P | PteBits.RW | PteBits.US | PteBits.A | PteBits.D;
    private ulong _nextTable = Root + 1;

    public FlatTables(int pages, ulong firstFrame = 0x800)
    {
        for (int i = 0; i < pages; i++)
        {
            Map(Start + ((ulong)i << 12), firstFrame + (ulong)i);
        }
    }

    public PhysicalMemory Ram { get; } = new(64UL << 20);

    public PagingMode Mode { get; } = new(new Pfn(Root), 0, PagingBits.Wp | PagingBits.Nxe, 46, 0);

    public void Map(ulong address, ulong frame)
    {
        Pfn table = Mode.Root;
        for (PagingLevel level = PagingLevel.Pml4; level > PagingLevel.Pt; level--)
        {
            PhysAddr slot = table.EntryAt(level.IndexOf(new VirtAddr(address)));
            Pte entry = new(Ram.ReadUInt64(slot));
            if (!entry.Present)
            {
                entry = new Pte((_nextTable++ << 12) | (ulong)Bits);
                Ram.WriteUInt64(slot, entry.Raw);
            }

            table = entry.Frame;
        }

        Ram.WriteUInt64(table.EntryAt(PagingLevel.Pt.IndexOf(new VirtAddr(address))), (frame << 12) | (ulong)Bits);
    }

    public void Dispose() => Ram.Dispose();
}
