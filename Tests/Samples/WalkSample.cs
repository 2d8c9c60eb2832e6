using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Tests.Samples;

public sealed class WalkSample
{
    [Fact]
    public void A_write_to_a_page_for_reading_faults_at_its_leaf()
    {
        using PhysicalMemory ram = new(16UL << 20);
        PagingMode mode = new(Root: new Pfn(1), Pcid: 0, PagingBits.Wp | PagingBits.Nxe, MaxPhyAddr: 46, Pkru: 0);
        VirtAddr page = new(0x4000_0000);

        // PML4, PDPT, PD and PT are the frames 1 to 4; the page is frame 5, for user programs to read.
        Pfn table = mode.Root;
        for (PagingLevel level = mode.RootLevel; level > PagingLevel.Pt; level--)
        {
            ram.WriteUInt64(table.EntryAt(level.IndexOf(page)), Pte.Of(table + 1, PteBits.P | PteBits.RW | PteBits.US).Raw);
            table += 1;
        }

        ram.WriteUInt64(table.EntryAt(PagingLevel.Pt.IndexOf(page)), Pte.Of(table + 1, PteBits.P | PteBits.US).Raw);

        Access write = new(page, AccessKind.Write, AccessOrigin.User);
        bool passed = PageWalker.TryWalk(ram, mode, WalkStart.AtRoot(mode), write, out WalkPath path, out Leaf leaf, out PageFault fault);

        Assert.False(passed);
        Assert.Equal(4, path.Count);
        Assert.Equal(new Pfn(5), leaf.FrameOf(page));
        Assert.Equal(PageFaultCode.P | PageFaultCode.WR | PageFaultCode.US, fault.Code);
        Assert.Equal(page, fault.Cr2);
    }
}
