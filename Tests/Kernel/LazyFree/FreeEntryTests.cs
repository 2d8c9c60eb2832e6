using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.LazyFree;

/// <summary>What MADV_FREE does to entries and TLBs.</summary>
public sealed class FreeEntryTests
{
    private const ulong Page = 4096;
    private static readonly MadvFreeVersion[] Linux = [MadvFreeVersion.Linux45, MadvFreeVersion.Linux412];

    [Theory, Spec("F-030")]
    [InlineData(PteBits.A | PteBits.D)]
    [InlineData(PteBits.A)]
    [InlineData(PteBits.D)]
    [InlineData(PteBits.None)]
    public void A_present_entry_loses_A_and_D_and_nothing_else(PteBits used)
    {
        using MmHarness mm = new();
        VirtAddr start = Filled(mm, 1);
        Pte bare = mm.PteOf(start).Without(PteBits.A | PteBits.D);
        PhysAddr slot = mm.SlotOf(start);
        mm.Mem.Ram.WriteUInt64(slot, bare.With(used).Raw);

        _ = mm.Advise(start, 1, Advice.Free);

        mm.PteOf(start).ShouldBe(bare);
    }

    [Fact, Spec("F-031")]
    public void A_hole_stays_a_hole_and_gets_no_table()
    {
        using MmHarness mm = new();
        VirtAddr start = mm.Map(1024);
        ulong allocated = mm.Count(MmCounter.PgAlloc);

        mm.Advise(start, 1024, Advice.Free).ShouldBe(Errno.None);

        mm.Count(MmCounter.PgAlloc).ShouldBe(allocated);
    }

    [Fact, Spec("F-032")]
    public void A_swapped_page_keeps_its_entry_and_its_data()
    {
        using MmHarness mm = new();
        VirtAddr start = Filled(mm, 1);
        Pte entry = mm.SwapAll().PteOf(start);

        _ = mm.Advise(start, 1, Advice.Free);

        mm.PteOf(start).ShouldBe(entry);
        mm.Read(start).ShouldBe((byte)0xAA);
    }

    [Fact, Spec("F-033", Profile = "linux45 linux412")]
    public void From_Linux_4_5_on_a_swapped_page_is_dropped_with_its_slot()
    {
        foreach (MadvFreeVersion version in Linux)
        {
            using MmHarness mm = Of(version);
            VirtAddr start = Filled(mm, 1);
            mm.SwapAll().KindOf(start).ShouldBe(SoftPteKind.Swap);

            _ = mm.Advise(start, 1, Advice.Free);

            mm.PteOf(start).ShouldBe(Pte.None);
            mm.Mem.Swap.FreeSlots.ShouldBe(mm.Mem.Swap.TotalSlots);
            mm.Read(start).ShouldBe((byte)0);
            mm.ShouldBeSound();
        }
    }

    [Fact, Spec("F-034", Profile = "rfc2014 linux45 linux412")]
    public void The_zero_page_is_left_alone_and_reads_as_zeros()
    {
        foreach (MadvFreeVersion version in Enum.GetValues<MadvFreeVersion>())
        {
            using MmHarness mm = Of(version);
            VirtAddr start = mm.Map(1);
            _ = mm.Read(start);
            Pte before = mm.PteOf(start);

            _ = mm.Advise(start, 1, Advice.Free);

            mm.PteOf(start).ShouldBe(before);
            mm.Read(start).ShouldBe((byte)0);
            mm.Mem.Lru.LazyFreeCount.ShouldBe(0);
        }
    }

    [Fact, Spec("F-035", Profile = "rfc2014 linux45 linux412")]
    public void An_entry_that_is_clean_already_is_not_rewritten_and_not_flushed()
    {
        foreach (MadvFreeVersion version in Enum.GetValues<MadvFreeVersion>())
        {
            using MmHarness mm = Of(version);
            VirtAddr start = Filled(mm, 1);
            _ = mm.Advise(start, 1, Advice.Free);
            (ulong writes, int flushes) = (mm.Count(MmCounter.PteWrite), mm.Flushes.Count);

            _ = mm.Advise(start, 1, Advice.Free);

            (mm.Count(MmCounter.PteWrite), mm.Flushes.Count).ShouldBe((writes, flushes));
        }
    }

    [Theory, Spec("F-036", "F-040", "F-041", Cpus = 2)]
    [InlineData(TlbMode.MaxStale, 0)]
    [InlineData(TlbMode.MaxStale, 1)]
    [InlineData(TlbMode.Preset, 0)]
    [InlineData(TlbMode.Preset, 1)]
    [InlineData(TlbMode.NoCache, 1)]
    public void After_the_call_every_processors_next_store_sets_A_and_D_again(TlbMode mode, int cpu)
    {
        // Given a page that both processors have in their TLBs, dirty
        using MmHarness mm = new(new MmOptions { TlbMode = mode, Cpus = 2 });
        VirtAddr start = Filled(mm, 1);
        mm.Write(start, 1, cpu: 0).Write(start, 1, cpu: 1);

        // When processor 0 frees it and the processor stores again
        _ = mm.Advise(start, 1, Advice.Free);
        Touched touched = mm.Touch(start, AccessKind.Write, cpu);

        // Then no fault was taken, the entry tells, and the page is kept
        touched.Faults.ShouldBe(0);
        mm.PteOf(start).Has(PteBits.A | PteBits.D).ShouldBeTrue();
        mm.Mem.Ram.WriteByte(touched.Where, 0x42);
        _ = mm.ReclaimAll();
        mm.Read(start).ShouldBe((byte)0x42);
    }

    [Fact, Spec("F-042", "F-055")]
    public void Entries_are_cleaned_then_flushed_and_only_then_is_the_page_marked()
    {
        using MmHarness mm = new();
        VirtAddr start = Filled(mm, 1);
        PageFrame frame = mm.FrameAt(start);
        int references = frame.RefCount;
        List<(bool Clean, bool Marked, int References)> seen = [];
        HookedTlbs tlbs = new(mm)
        {
            Before = () => seen.Add((!mm.PteOf(start).Has(PteBits.D), frame.Mapping.IsLazyFree, frame.RefCount)),
        };

        _ = mm.Advise(start, 1, Advice.Free);

        seen.ShouldBe([(true, false, references + 1)]);
        (frame.Mapping.IsLazyFree, frame.RefCount, tlbs.Asked).ShouldBe((true, references, 1));
    }

    [Fact, Spec("F-043")]
    public void Without_the_flush_a_store_after_the_call_is_lost()
    {
        // Given a kernel that forgets the flush of MADV_FREE
        using MmHarness mm = new();
        VirtAddr start = Filled(mm, 1);
        HookedTlbs tlbs = new(mm) { Skips = true };
        _ = mm.Advise(start, 1, Advice.Free);
        tlbs.Skips = false;

        // When the program stores through its stale, dirty translation, and memory is short
        mm.Write(start, 0x42);
        _ = mm.ReclaimAll();

        // Then the store is gone: this is what the flush is for
        mm.ReadPage(start).ShouldAllBe(value => value == 0);
    }

    [Theory, Spec("F-044", Cpus = 2)]
    [InlineData(TlbMode.MaxStale)]
    [InlineData(TlbMode.NoCache)]
    public void A_store_of_another_processor_between_cleaning_and_flush_is_kept_or_the_page_is_gone_as_a_whole(TlbMode mode)
    {
        using MmHarness mm = new(new MmOptions { TlbMode = mode, Cpus = 2 });
        VirtAddr start = Filled(mm, 1);
        mm.Write(start, 1, cpu: 1);
        bool stored = false;
        _ = new HookedTlbs(mm)
        {
            Before = () =>
            {
                if (!stored)
                {
                    stored = true;
                    mm.Write(start, 0x42, cpu: 1);
                }
            },
        };

        _ = mm.Advise(start, 1, Advice.Free);
        _ = mm.ReclaimAll();

        byte[] page = mm.ReadPage(start);
        bool kept = page[0] == 0x42 && page.Skip(1).All(value => value == 0xAA);
        (kept || page.All(value => value == 0)).ShouldBeTrue();
        kept.ShouldBe(mode == TlbMode.NoCache);
    }

    [Fact, Spec("F-045")]
    public void A_small_batch_flushes_several_times_and_ends_the_same()
    {
        using MmHarness mm = new();
        VirtAddr start = Filled(mm, 10);
        mm.Mem.Gathers.BatchSize = 4;
        HookedTlbs tlbs = new(mm);

        _ = mm.Advise(start, 10, Advice.Free);

        tlbs.Asked.ShouldBe(3);
        mm.Mem.Lru.LazyFreeCount.ShouldBe(10);
        for (ulong page = 0; page < 10; page++)
        {
            mm.FrameAt(start + (page * Page)).ShouldSatisfyAllConditions(f => f.Mapping.IsLazyFree.ShouldBeTrue(), f => f.RefCount.ShouldBe(1));
        }
    }

    private static MmHarness Of(MadvFreeVersion version) => new(new MmOptions { Profile = new KernelProfile { MadvFree = version } });

    private static VirtAddr Filled(MmHarness mm, ulong pages)
    {
        VirtAddr start = mm.Map(pages);
        mm.Fill(start, pages, 0xAA);
        return start;
    }
}
