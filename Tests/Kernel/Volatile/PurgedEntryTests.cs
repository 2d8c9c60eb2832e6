using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

public sealed class PurgedEntryTests
{
    private const ulong Page = 4096;

    [Fact, Spec("V-064")]
    public void A_purged_entry_is_swap_type_31_with_offset_0()
    {
        using VrangeHarness h = new();
        VirtAddr start = h.FilledAndVolatile(1);

        h.Purge(start, 1).ShouldBe(1UL);

        h.Mm.PteOf(start).ShouldBe(new Pte(0x3E));
        SoftPteFormat.OfSwap(new SwapEntry(31, 0)).ShouldBe(new Pte(0x3E));
    }

    [Fact, Spec("V-065")]
    public void The_purged_type_leaves_room_for_28_swap_areas_below_poison_and_migration()
    {
        SoftPteFormat format = new(KernelProfile.Default);

        format.MaxSwapFiles.ShouldBe(28);
        TypeOf(format.OfHwPoison(new Pfn(1))).ShouldBe(28);
        TypeOf(format.OfMigrationRead(new Pfn(1))).ShouldBe(29);
        TypeOf(format.OfMigrationWrite(new Pfn(1))).ShouldBe(30);
        TypeOf(format.Purged).ShouldBe(31);
    }

    [Theory, Spec("V-060", "V-066")]
    [InlineData(VrangeVersion.V7, 0x6)]
    [InlineData(VrangeVersion.V8, 0x6)]
    [InlineData(VrangeVersion.V9, 0x3E)]
    [InlineData(VrangeVersion.V12, 0x3E)]
    [InlineData(VrangeVersion.V13, 0x38)]
    [InlineData(VrangeVersion.V14, 0x38)]
    public void Each_posting_has_its_own_purged_entry(VrangeVersion version, ulong raw)
    {
        SoftPteFormat format = new(new KernelProfile { Vrange = version });

        format.Purged.ShouldBe(new Pte(raw));
        format.KindOf(new Pte(raw)).ShouldBe(SoftPteKind.Purged);
    }

    [Theory, Spec("V-061")]
    [InlineData(0x6, true)]
    [InlineData(0x1006, true)]
    [InlineData(0x3FFF_FFFF_F006, true)]
    [InlineData(0x7, false)]
    [InlineData(0x26, false)]
    [InlineData(0x4000_0000_0006, false)]
    public void In_v8_as_posted_an_entry_whose_flags_are_6_is_purged_whatever_bits_12_to_45_say(ulong raw, bool purged)
    {
        SoftPteFormat format = new(new KernelProfile { Vrange = VrangeVersion.V8, Switches = ProfileSwitches.VrangeQuirks });

        (format.KindOf(new Pte(raw)) == SoftPteKind.Purged).ShouldBe(purged);
    }

    [Fact, Spec("V-067")]
    public void Swap_type_0_with_offset_0_would_be_no_entry_at_all()
    {
        SoftPteFormat.OfSwap(default).ShouldBe(Pte.None);
        new SoftPteFormat(KernelProfile.Default).KindOf(Pte.None).ShouldBe(SoftPteKind.None);
    }

    [Fact, Spec("V-070")]
    public void A_purged_entry_is_taken_for_nothing_else()
    {
        SoftPteFormat format = new(KernelProfile.Default);
        Pte purged = format.Purged;

        format.KindOf(purged).ShouldBe(SoftPteKind.Purged);
        SoftPteFormat.HasFrame(purged).ShouldBeFalse();
        for (int type = 0; type < 31; type++)
        {
            format.KindOf(SoftPteFormat.OfSwap(new SwapEntry(type, 1))).ShouldNotBe(SoftPteKind.Purged);
        }

        format.KindOf(new Pte(purged.Raw | SoftPteFormat.ProtNoneBit)).ShouldBe(SoftPteKind.ProtNone);
    }

    [Theory, Spec("V-068")]
    [InlineData(AccessKind.Read, PageFaultCode.US)]
    [InlineData(AccessKind.Write, PageFaultCode.US | PageFaultCode.WR)]
    [InlineData(AccessKind.Fetch, PageFaultCode.US | PageFaultCode.ID)]
    public void The_hardware_walk_finds_it_not_present_and_leaves_no_trace(AccessKind kind, PageFaultCode expected)
    {
        // Given a purged page
        using VrangeHarness h = new();
        VirtAddr start = h.FilledAndVolatile(1);
        Pte before = h.Mm.PteOf(start);
        _ = h.Purge(start, 1);
        Access access = new(start, kind, AccessOrigin.User);

        // When the processor walks to it
        h.Mm.Mmu().TryTranslate(access, out _, out PageFault fault).ShouldBeFalse();

        // Then P is clear in the error code, the entry is untouched, and no TLB remembers the refusal
        fault.ShouldBe(new PageFault(start, expected));
        h.Mm.PteOf(start).ShouldBe(new Pte(0x3E));
        h.Mm.Mem.Editor.TryFind(h.Space.Root, start, out PhysAddr slot).ShouldBeTrue();
        h.Mm.Mem.Ram.WriteUInt64(slot, before.Without(PteBits.XD).Raw);
        h.Mm.Mmu().TryTranslate(access, out _, out _).ShouldBeTrue();
    }

    [Theory, Spec("V-069")]
    [InlineData(TlbMode.MaxStale)]
    [InlineData(TlbMode.Preset)]
    [InlineData(TlbMode.NoCache)]
    public void No_processor_can_use_the_old_translation_after_the_purge(TlbMode mode)
    {
        // Given a page that two processors have in their TLBs
        using VrangeHarness h = new(new MmOptions { TlbMode = mode, Cpus = 2 });
        VirtAddr start = h.FilledAndVolatile(1);
        _ = (h.Mm.Read(start, 0), h.Mm.Read(start, 1));

        // When it is purged
        h.Mm.Events.Clear();
        h.Purge(start, 1).ShouldBe(1UL);

        // Then both get SIGBUS
        h.Mm.Touch(start, AccessKind.Read, 0).ShouldBeBusErrorAt(start);
        h.Mm.Touch(start, AccessKind.Write, 1).ShouldBeBusErrorAt(start);
    }

    [Fact, Spec("V-069")]
    public void The_entry_is_cleared_then_flushed_then_marked_purged_and_only_then_is_the_frame_freed()
    {
        using VrangeHarness h = new();
        VirtAddr start = h.FilledAndVolatile(1);
        h.Mm.Events.Clear();

        _ = h.Purge(start, 1);

        h.Mm.Events.Select(happened => (happened.Kind, happened.New.Raw)).ShouldBe(
        [
            (MmEventKind.EntryChanged, 0UL),
            (MmEventKind.Flush, 0UL),
            (MmEventKind.EntryChanged, 0x3EUL),
            (MmEventKind.Purged, 0UL),
            (MmEventKind.FrameFreed, 0UL),
        ]);
    }

    [Fact, Spec("V-072")]
    public void Unmapping_purged_pages_frees_no_slot_and_changes_no_count()
    {
        using VrangeHarness h = new();
        VirtAddr start = h.FilledAndVolatile(3);
        _ = h.Purge(start, 3);
        (long resident, long swapped, long slots) = (h.Space.Rss.Resident, h.Space.Rss.Swap, h.Mm.Mem.Swap.FreeSlots);

        Unmap.Range(h.Mm.Mem, h.Space, start, 3 * Page).ShouldBe(Errno.None);

        (h.Space.Rss.Resident, h.Space.Rss.Swap, h.Mm.Mem.Swap.FreeSlots).ShouldBe((resident, swapped, slots));
        h.Mm.PteOf(start).ShouldBe(Pte.None);
        h.Mm.ShouldBeSound();
    }

    [Fact, Spec("V-074")]
    public void Each_purged_page_lowers_the_resident_count_by_one()
    {
        using VrangeHarness h = new();
        VirtAddr start = h.FilledAndVolatile(5);
        long before = h.Space.Rss.Anon;

        _ = h.Purge(start, 3);

        h.Space.Rss.Anon.ShouldBe(before - 3);
        h.Mm.ShouldBeSound();
    }

    private static int TypeOf(Pte entry) => SoftPteFormat.SwapOf(entry).Type;
}
