using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.UserCopy;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.UserFault;

public sealed class UserFaultTouchTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly MmHarness _mm = new();

    [Theory, Spec("U-020", "U-021", "U-022", "U-040", "U-041")]
    [InlineData(AccessKind.Read)]
    [InlineData(AccessKind.Write)]
    [InlineData(AccessKind.Fetch)]
    public void Any_touch_of_a_hole_is_SIGBUS_at_the_exact_byte_and_fills_nothing(AccessKind kind)
    {
        VirtAddr start = Holes(1, Prot.Read | Prot.Write | Prot.Exec);
        (long resident, ulong allocated, long tables) = (_mm.Space.Rss.Resident, _mm.Count(MmCounter.PgAlloc), _mm.Space.Rss.Tables);

        _mm.Touch(start + 0x123, kind).ShouldBeBusErrorAt(start + 0x123);

        _mm.PteOf(start).ShouldBe(Pte.None);
        (_mm.Space.Rss.Resident, _mm.Count(MmCounter.PgAlloc), _mm.Space.Rss.Tables).ShouldBe((resident, allocated, tables));
    }

    [Fact, Spec("U-020")]
    public void A_hole_between_present_pages_is_SIGBUS_too()
    {
        VirtAddr start = _mm.Map(3);
        _mm.Fill(start, 1, 1);
        _mm.Fill(start + (2 * Page), 1, 1);
        _ = _mm.Advise(start, 3, Advice.UserFault);

        _mm.Touch(start + Page).ShouldBeBusErrorAt(start + Page);
    }

    [Fact, Spec("U-024")]
    public void A_swapped_page_is_no_hole()
    {
        VirtAddr start = _mm.Map(1);
        _mm.Fill(start, 1, 7);
        _ = _mm.Advise(start, 1, Advice.UserFault);
        _mm.SwapAll().KindOf(start).ShouldBe(SoftPteKind.Swap);

        _mm.Read(start).ShouldBe((byte)7);
    }

    [Fact, Spec("U-025", "U-026")]
    public void The_zero_page_that_was_mapped_before_is_no_hole()
    {
        VirtAddr start = _mm.Map(1);
        _ = _mm.Read(start);
        _ = _mm.Advise(start, 1, Advice.UserFault);

        _mm.Touch(start).ShouldSatisfyAllConditions(t => t.Ok.ShouldBeTrue(), t => t.Faults.ShouldBe(0));
        _mm.Write(start, 9).Read(start).ShouldBe((byte)9);
    }

    [Fact, Spec("U-027")]
    public void A_present_page_raises_no_signal()
    {
        VirtAddr start = _mm.Map(1);
        _mm.Fill(start, 1, 7);
        _ = _mm.Advise(start, 1, Advice.UserFault);

        _mm.Write(start + 5, 8).Read(start).ShouldBe((byte)7);
    }

    [Fact, Spec("U-028")]
    public void Access_rights_come_before_the_hole()
    {
        VirtAddr present = _mm.Map(2);
        _mm.Fill(present, 1, 7);
        _ = Protect.Change(_mm.Mem, _mm.Space, new ProtectRequest(present, 2 * Page, Prot.Read));
        _ = _mm.Advise(present, 2, Advice.UserFault);

        foreach (VirtAddr at in (VirtAddr[])[present, present + Page])
        {
            _mm.Touch(at, AccessKind.Write).Signal.ShouldBe(new SigInfo(Signal.SIGSEGV, SigCode.SegvAccErr, at));
        }
    }

    [Fact, Spec("U-029")]
    public void Outside_every_mapping_it_is_SIGSEGV()
    {
        VirtAddr start = Holes(1);

        _mm.Touch(start + Page).Signal.ShouldBe(new SigInfo(Signal.SIGSEGV, SigCode.SegvMapErr, start + Page));
    }

    [Fact, Spec("U-030")]
    public void A_hole_that_was_filled_since_the_fault_is_tried_again_without_a_signal()
    {
        // Given a fault on a hole, and a page that arrives before the handler looks
        VirtAddr start = Holes(1);
        VirtAddr spare = _mm.Map(1);
        _mm.Fill(spare, 1, 7);
        _mm.Mmu().TryTranslate(new Access(start, AccessKind.Read, AccessOrigin.User), out _, out PageFault fault).ShouldBeFalse();
        _mm.RemapAnon(start, spare, 1).ShouldBe(4096);

        // When the fault is handled
        FaultOutcome outcome = FaultHandler.Handle(_mm.Mem, _mm.Space, fault);

        // Then the access is tried again and succeeds
        outcome.End.ShouldBe(FaultEnd.Resume);
        _mm.Read(start).ShouldBe((byte)7);
    }

    [Fact, Spec("U-031")]
    public void DONTNEED_makes_a_hole_again()
    {
        VirtAddr start = _mm.Map(1);
        _mm.Fill(start, 1, 7);
        _ = _mm.Advise(start, 1, Advice.UserFault);
        _ = _mm.Advise(start, 1, Advice.DontNeed);

        _mm.Touch(start).ShouldBeBusErrorAt(start);
    }

    [Fact, Spec("U-032", "F-130", "F-131")]
    public void A_lazily_freed_page_is_a_hole_once_it_was_discarded_and_not_before()
    {
        VirtAddr start = _mm.Map(2);
        _mm.Fill(start, 2, 7);
        _ = _mm.Advise(start, 2, Advice.UserFault);
        _ = _mm.Advise(start, 2, Advice.Free);
        _mm.Read(start + Page).ShouldBe((byte)7);

        _mm.Reclaim(1).ShouldBe(1UL);

        _mm.Touch(start).ShouldBeBusErrorAt(start);
        _mm.Read(start + Page).ShouldBe((byte)7);
    }

    [Fact, Spec("U-034")]
    public void Without_memory_a_hole_is_still_SIGBUS_and_no_matter_for_the_out_of_memory_killer()
    {
        using MmHarness mm = new(new MmOptions { RamBytes = 1UL << 20, SwapPages = 0 });
        VirtAddr start = mm.Map(1);
        _ = mm.Advise(start, 1, Advice.UserFault);
        while (mm.Mem.Source.TryTake(FrameContent.Any) is not null)
        {
        }

        mm.Touch(start).ShouldBeBusErrorAt(start);
    }

    [Fact, Spec("U-050", "U-051", "R-092")]
    public void The_kernel_meets_a_hole_with_EFAULT_or_a_short_count_and_succeeds_after_the_repair()
    {
        // Given a present page and a hole behind it
        VirtAddr start = _mm.Map(2);
        _mm.Fill(start, 1, 7);
        _ = _mm.Advise(start, 2, Advice.UserFault);
        UserMemory user = new(_mm.Mem, _mm.Mmu()) { Space = _mm.Space };
        byte[] buffer = new byte[(int)Page];

        // When system calls read and write there
        user.TryRead((start + Page).Raw, buffer).ShouldBeFalse();
        user.TryWrite((start + Page).Raw, buffer).ShouldBeFalse();
        user.ReadUpTo((start + 4000).Raw, buffer).ShouldBe(96);
        _mm.PteOf(start + Page).ShouldBe(Pte.None);

        // Then the program's own touch and repair lets them through
        _mm.Touch(start + Page).ShouldBeBusErrorAt(start + Page);
        VirtAddr fetched = _mm.Map(1);
        _mm.Fill(fetched, 1, 8);
        _mm.RemapAnon(start + Page, fetched, 1).ShouldBe(4096);
        user.TryRead((start + Page).Raw, buffer).ShouldBeTrue();
        buffer.ShouldAllBe(value => value == 8);
    }

    [Fact, Spec("U-052", "U-054")]
    public void Whoever_wants_the_page_itself_gets_EFAULT_and_no_page()
    {
        VirtAddr start = Holes(1);

        _mm.Mem.Filler.ShouldNotBeNull().Fill(_mm.Space, start, AccessKind.Write).ShouldBe(Errno.EFAULT);
        new UserMemory(_mm.Mem, _mm.Mmu()) { Space = _mm.Space }.TryReadUInt32(start.Raw, out _).ShouldBeFalse();

        _mm.PteOf(start).ShouldBe(Pte.None);
    }

    [Fact, Spec("U-053")]
    public void Locking_leaves_the_holes_and_answers_ENOMEM()
    {
        VirtAddr start = Holes(2);

        MemoryLock.Range(_mm.Mem, _mm.Space, start, 2 * Page).ShouldBe(Errno.ENOMEM);

        (_mm.PteOf(start), _mm.PteOf(start + Page)).ShouldBe((Pte.None, Pte.None));
    }

    [Fact, Spec("U-053")]
    public void A_mapping_that_is_to_be_filled_is_made_all_the_same_and_its_holes_stay()
    {
        MapRequest request = new()
        {
            LengthBytes = 2 * Page,
            Flags = MapFlags.Private | MapFlags.Anonymous | MapFlags.Populate,
            Extra = MmuEmu.Kernel.Vmas.VmFlags.UserFault,
        };

        Map.Place(_mm.Mem, _mm.Space, request).Ok(out VirtAddr start, out Errno errno).ShouldBeTrue($"{errno}");

        (_mm.PteOf(start), _mm.PteOf(start + Page)).ShouldBe((Pte.None, Pte.None));
        _mm.Touch(start + Page).ShouldBeBusErrorAt(start + Page);
    }

    [Fact, Spec("U-053")]
    public void What_is_added_to_a_locked_mapping_is_left_as_holes_too()
    {
        VirtAddr start = _mm.Map(1, at: 0x1000_0000);
        _mm.Fill(start, 1, 7);
        _ = _mm.Advise(start, 1, Advice.UserFault);
        MemoryLock.Range(_mm.Mem, _mm.Space, start, Page).ShouldBe(Errno.None);

        Remap.Move(_mm.Mem, _mm.Space, new RemapRequest(start, Page, 3 * Page, RemapFlags.None, default))
            .Ok(out VirtAddr grown, out Errno errno).ShouldBeTrue($"{errno}");

        (grown, _mm.PteOf(start + Page), _mm.PteOf(start + (2 * Page))).ShouldBe((start, Pte.None, Pte.None));
    }

    [Theory, Spec("U-020", "U-031")]
    [InlineData(TlbMode.MaxStale)]
    [InlineData(TlbMode.Preset)]
    [InlineData(TlbMode.NoCache)]
    public void No_TLB_remembers_a_page_that_became_a_hole(TlbMode mode)
    {
        using MmHarness mm = new(new MmOptions { TlbMode = mode, Cpus = 2 });
        VirtAddr start = mm.Map(1);
        mm.Fill(start, 1, 7);
        _ = mm.Read(start, cpu: 1);
        _ = mm.Advise(start, 1, Advice.UserFault);
        _ = mm.Advise(start, 1, Advice.DontNeed);

        mm.Touch(start, AccessKind.Read, cpu: 1).ShouldBeBusErrorAt(start);
    }

    public void Dispose() => _mm.Dispose();

    private VirtAddr Holes(ulong pages, Prot prot = Prot.Read | Prot.Write)
    {
        VirtAddr start = _mm.Map(pages, prot);
        _mm.Advise(start, pages, Advice.UserFault).ShouldBe(Errno.None);
        return start;
    }
}
