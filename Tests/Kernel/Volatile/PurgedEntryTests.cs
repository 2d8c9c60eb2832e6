using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

public sealed class PurgedEntryTests
{
    private const ulong Page = 4096;

    [Fact, Spec("V-064", Profile = "v10")]
    public void A_purged_entry_is_swap_type_31_with_offset_0()
    {
        using VrangeHarness h = new();
        VirtAddr start = h.FilledAndVolatile(1);

        h.Purge(start, 1).ShouldBe(1UL);

        h.Mm.PteOf(start).ShouldBe(new Pte(0x3E));
        SoftPteFormat.OfSwap(new SwapEntry(31, 0)).ShouldBe(new Pte(0x3E));
    }

    [Fact, Spec("V-065", Profile = "v9-entry v10-entry v11-entry v12-entry"), Spec("V-064", Profile = "v9-entry v11-entry v12-entry")]
    public void From_v9_to_v12_the_purged_type_is_the_last_and_leaves_28_for_swap_areas_below_poison_and_migration()
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V9, VrangeVersion.V10, VrangeVersion.V11, VrangeVersion.V12])
        {
            SoftPteFormat format = EntryFormats.Of(version);

            (format.Purged, format.KindOf(new Pte(0x3E)), format.MaxSwapFiles).ShouldBe((new Pte(0x3E), SoftPteKind.Purged, 28));
            TypeOf(format.OfHwPoison(new Pfn(1))).ShouldBe(28);
            TypeOf(format.OfMigrationRead(new Pfn(1))).ShouldBe(29);
            TypeOf(format.OfMigrationWrite(new Pfn(1))).ShouldBe(30);
            TypeOf(format.Purged).ShouldBe(31);
        }
    }

    [Fact, Spec("V-066", Profile = "v13-entry v14-entry")]
    public void In_v13_and_v14_the_purged_type_lies_below_the_others_which_keep_their_numbers()
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V13, VrangeVersion.V14])
        {
            SoftPteFormat format = EntryFormats.Of(version);

            (format.Purged, format.KindOf(new Pte(0x38)), format.MaxSwapFiles).ShouldBe((new Pte(0x38), SoftPteKind.Purged, 28));
            TypeOf(format.Purged).ShouldBe(28);
            TypeOf(format.OfHwPoison(new Pfn(1))).ShouldBe(29);
            TypeOf(format.OfMigrationRead(new Pfn(1))).ShouldBe(30);
            TypeOf(format.OfMigrationWrite(new Pfn(1))).ShouldBe(31);
        }
    }

    [Fact, Spec("V-060", Profile = "v7-entry v8-entry")]
    public void In_v7_and_v8_a_purged_entry_has_writable_and_user_and_is_not_present()
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V7, VrangeVersion.V8])
        {
            SoftPteFormat format = EntryFormats.Of(version);

            format.Purged.ShouldBe(new Pte((ulong)(PteBits.RW | PteBits.US)));
            (format.Purged.Raw, format.KindOf(new Pte(0x6))).ShouldBe((0x6UL, SoftPteKind.Purged));
        }
    }

    [Theory, Spec("V-061", Profile = "v7-entry v8-entry")]
    [InlineData(0x6, true)]
    [InlineData(0x1006, true)]
    [InlineData(0x3FFF_FFFF_F006, true)]
    [InlineData(0x7, false)]
    [InlineData(0x26, false)]
    [InlineData(0x4000_0000_0006, false)]
    public void In_v7_and_v8_as_posted_an_entry_whose_flags_are_6_is_purged_whatever_bits_12_to_45_say(ulong raw, bool purged)
    {
        foreach (VrangeVersion version in (VrangeVersion[])[VrangeVersion.V7, VrangeVersion.V8])
        {
            SoftPteFormat format = EntryFormats.Of(version, ProfileSwitches.VrangeQuirks);

            (format.KindOf(new Pte(raw)) == SoftPteKind.Purged).ShouldBe(purged, $"{version}");
        }
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
        PhysAddr slot = h.Mm.SlotOf(start);
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
            (KernelEvent.EntryChanged, 0UL),
            (KernelEvent.Flush, 0UL),
            (KernelEvent.EntryChanged, 0x3EUL),
            (KernelEvent.Purged, 0UL),
            (KernelEvent.FrameFreed, 0UL),
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
