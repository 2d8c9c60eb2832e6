using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Tables;

public sealed class PageTableEditorTests
{
    [Theory]
    [InlineData(0x0000_0000_0001_0000UL)]
    [InlineData(0x0000_0000_0040_0000UL)]
    [InlineData(0x0000_5555_5555_4000UL)]
    [InlineData(0x0000_7FFF_FFFF_E000UL)]
    public void The_slot_that_the_editor_finds_is_the_one_that_the_hardware_reads(ulong address)
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1, at: address);
        mm.Write(page, 1);

        mm.Mmu().TryPeek(page, out _, out WalkPath path).ShouldBeTrue();
        PhysAddr slot = mm.SlotOf(page);

        slot.ShouldBe(path.Last.Slot);
    }

    [Fact]
    public void The_cursor_meets_every_entry_once_in_order_and_skips_what_has_no_table()
    {
        using MmHarness mm = new();
        ulong[] addresses = [0x1_0000, 0x20_0000, 0x3F_F000, 0x40_0000, 0x4000_0000, 0x80_0000_0000, 0x7FFF_FFFF_D000];
        foreach (ulong address in addresses)
        {
            mm.Write(mm.Map(1, at: address), 1);
        }

        List<ulong> met = [];
        TableCursor cursor = mm.Mem.Editor.Over(mm.Space.Tables, new VirtRange(default, new VirtAddr(VirtRange.TaskSize)));
        while (cursor.MoveNext())
        {
            met.Add(cursor.Address.Raw);
            cursor.Entry.ShouldBe(mm.PteOf(cursor.Address));
        }

        met.ShouldBe(addresses);
    }

    [Fact]
    public void Unmapping_gives_tables_back_when_no_neighbour_needs_them()
    {
        using MmHarness mm = new();
        mm.Write(mm.Map(1, at: 0x10_0000_0000), 1);
        long before = mm.Space.Rss.Tables;
        ulong free = mm.Mem.Buddy.FreeCount;
        mm.Write(mm.Map(1, at: 0x10_0020_0000), 1);
        mm.Write(mm.Map(1, at: 0x20_0000_0000), 1);
        mm.Space.Rss.Tables.ShouldBe(before + 3, "one PT beside the first; a PD and a PT under another PDPT entry");

        Unmap.Range(mm.Mem, mm.Space, new VirtAddr(0x10_0020_0000), 4096).ShouldBe(Errno.None);
        Unmap.Range(mm.Mem, mm.Space, new VirtAddr(0x20_0000_0000), 4096).ShouldBe(Errno.None);

        mm.Space.Rss.Tables.ShouldBe(before);
        mm.Mem.Buddy.FreeCount.ShouldBe(free);
        mm.Read(new VirtAddr(0x10_0000_0000)).ShouldBe((byte)1);
    }

    [Fact, Spec("T-076")]
    public void A_freed_table_flushes_the_whole_space_before_its_frame_is_free()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);
        mm.Write(page, 1);
        mm.Events.Clear();

        Unmap.Range(mm.Mem, mm.Space, page, 4096).ShouldBe(Errno.None);

        int flush = mm.Events.FindIndex(e => e.Kind == KernelEvent.Flush && e.Count == 0);
        int free = mm.Events.FindIndex(e => e.Kind == KernelEvent.FrameFreed);
        flush.ShouldBeInRange(0, free - 1);
    }

    [Fact]
    public void No_frame_is_free_before_its_translation_is_flushed()
    {
        using MmHarness mm = new();
        mm.Mem.Gathers.BatchSize = 4;
        VirtAddr start = mm.Map(10);
        mm.Fill(start, 10, 1);
        mm.Events.Clear();

        Advise.Range(mm.Mem, mm.Space, new AdviseRequest(start, 10 * 4096, Advice.DontNeed)).ShouldBe(Errno.None);

        string order = string.Concat(mm.Events.Select(e => e.Kind switch
        {
            KernelEvent.EntryChanged => "c",
            KernelEvent.Flush => "F",
            KernelEvent.FrameFreed => "f",
            _ => "?",
        }));
        order.ShouldBe("ccccFffffccccFffffccFff", "batches of four");
    }

    [Fact]
    public void More_rights_need_no_flush_and_fewer_do()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);
        mm.Write(page, 1);
        PhysAddr slot = mm.SlotOf(page);
        Pte entry = mm.PteOf(page);
        mm.Flushes.Clear();

        Rewrite(mm, slot, page, entry.Without(PteBits.RW)).ShouldBe(1);
        Rewrite(mm, slot, page, entry).ShouldBe(0);
        Rewrite(mm, slot, page, entry.Without(PteBits.A)).ShouldBe(1);
        Rewrite(mm, slot, page, entry.Without(PteBits.XD)).ShouldBe(1);
        Rewrite(mm, slot, page, entry).ShouldBe(1);
        Rewrite(mm, slot, page, entry).ShouldBe(0, "nothing changed");
    }

    /// <summary>Writes the entry and counts the flushes it caused.</summary>
    private static int Rewrite(MmHarness mm, PhysAddr slot, VirtAddr page, Pte entry)
    {
        int before = mm.Flushes.Count;
        using (TlbGather gather = mm.Mem.Gathers.Take(mm.Space.Tag))
        {
            mm.Mem.Editor.Write(slot, page, entry, gather);
        }

        return mm.Flushes.Count - before;
    }
}
