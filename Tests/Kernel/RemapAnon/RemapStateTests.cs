using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.RemapAnon;

/// <summary>What is where after a move.</summary>
public sealed class RemapStateTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly MmHarness _mm = new(new MmOptions { Cpus = 2 });
    private readonly VirtAddr _source;
    private readonly VirtAddr _destination;

    public RemapStateTests()
    {
        _source = _mm.Map(4, at: 0x1000_0000);
        _destination = _mm.Map(4, at: 0x2000_0000);
        _mm.Fill(_source, 4, 7);
    }

    [Fact, Spec("R-040", "R-043")]
    public void The_destinations_entry_holds_the_same_frame_dirty_with_its_mappings_rights_and_no_byte_was_copied()
    {
        Pfn frame = _mm.PteOf(_source).Frame;
        (ulong copied, ulong allocated) = (_mm.Count(MmCounter.CowBreak), _mm.Count(MmCounter.PgAlloc));
        _mm.Fill(_destination + Page, 1, 1);
        ulong withTable = _mm.Count(MmCounter.PgAlloc);

        _ = Move(1);

        _mm.PteOf(_destination).ShouldBe(Pte.Of(frame, PteBits.P | PteBits.US | PteBits.RW | PteBits.XD | PteBits.A | PteBits.D));
        (_mm.Count(MmCounter.CowBreak), _mm.Count(MmCounter.PgAlloc)).ShouldBe((copied, withTable));
        allocated.ShouldBeLessThan(withTable);
        _mm.ReadPage(_destination).ShouldAllBe(value => value == 7);
    }

    [Fact, Spec("R-040")]
    public void A_clean_page_is_dirty_after_the_move()
    {
        PhysAddr slot = _mm.SlotOf(_source);
        _mm.Mem.Ram.WriteUInt64(slot, _mm.PteOf(_source).Without(PteBits.D | PteBits.A).Raw);

        _ = Move(1);

        _mm.PteOf(_destination).Has(PteBits.D | PteBits.A).ShouldBeTrue();
    }

    [Fact, Spec("R-040")]
    public void In_read_only_mappings_the_page_stays_read_only()
    {
        foreach (VirtAddr side in (VirtAddr[])[_source, _destination])
        {
            _ = MmuEmu.Kernel.Mm.Protect.Change(_mm.Mem, _mm.Space, new MmuEmu.Kernel.Mm.ProtectRequest(side, 4 * Page, Prot.Read));
        }

        _ = Move(1);

        _mm.PteOf(_destination).Has(PteBits.RW).ShouldBeFalse();
        _mm.Touch(_destination, AccessKind.Write).Signal.Code.ShouldBe(SigCode.SegvAccErr);
    }

    [Theory, Spec("R-041", "R-042")]
    [InlineData(TlbMode.MaxStale)]
    [InlineData(TlbMode.Preset)]
    [InlineData(TlbMode.NoCache)]
    public void No_processor_reaches_the_frame_through_the_source_any_more(TlbMode mode)
    {
        // Given a page that two processors have in their TLBs for writing
        using MmHarness mm = new(new MmOptions { Cpus = 2, TlbMode = mode });
        VirtAddr source = mm.Map(1);
        VirtAddr destination = mm.Map(1, at: 0x2000_0000);
        mm.Write(source, 1, cpu: 0).Write(source, 2, cpu: 1);

        // When it moves, and both write to the source again
        mm.RemapAnon(destination, source, 1).ShouldBe(4096);
        mm.Read(source, cpu: 1).ShouldBe((byte)0);
        mm.Write(source, 3, cpu: 0).Write(source, 4, cpu: 1);

        // Then the destination has not seen it
        mm.Read(destination, cpu: 1).ShouldBe((byte)2);
        mm.ShouldBeSound();
    }

    [Fact, Spec("R-041")]
    public void The_source_is_cleared_and_flushed_before_the_destination_is_written()
    {
        _mm.Fill(_destination + Page, 1, 1);
        _mm.Events.Clear();

        _ = Move(1);

        _mm.Events.Where(e => e.Kind is KernelEvent.EntryChanged or KernelEvent.Flush).Select(e => (e.Kind, e.Address)).ShouldBe(
        [
            (KernelEvent.EntryChanged, _source),
            (KernelEvent.Flush, _source),
            (KernelEvent.EntryChanged, _destination),
        ]);
    }

    [Fact, Spec("R-042")]
    public void The_source_is_a_hole_that_reads_as_zero_or_raises_SIGBUS_where_that_was_asked_for()
    {
        _ = Move(1);
        _mm.Read(_source).ShouldBe((byte)0);

        _mm.RemapAnon(_destination + Page, _source + Page, 1).ShouldBe(4096);
        _ = _mm.Advise(_source + Page, 1, Advice.UserFault);
        _mm.Touch(_source + Page).ShouldBeBusErrorAt(_source + Page);
    }

    [Fact, Spec("R-044", "R-045")]
    public void The_page_belongs_to_the_destinations_family_and_reclaim_finds_it_there()
    {
        PageFrame frame = _mm.FrameAt(_source);

        _ = Move(1);

        frame.Mapping.ShouldBe(MappingWord.OfAnon(_mm.VmaAt(_destination).AnonVma.ShouldNotBeNull().Id));
        frame.Index.ShouldBe(_mm.VmaAt(_destination).IndexOf(_destination));
        List<RmapSite> sites = [];
        _mm.Mem.Rmap.Collect(frame, RmapWanted.Present, sites);
        sites.ShouldHaveSingleItem().Address.ShouldBe(_destination);
        _mm.SwapAll().KindOf(_destination).ShouldBe(SoftPteKind.Swap);
        _mm.Read(_destination).ShouldBe((byte)7);
        _mm.ShouldBeSound();
    }

    [Fact, Spec("R-046")]
    public void The_mappings_are_what_they_were_however_often_pages_move_one_by_one()
    {
        string Mappings() => string.Join('\n', _mm.Space.Vmas.Select(vma => $"{vma} {vma.Flags}"));
        string before = Mappings();
        foreach (ulong page in (ulong[])[2, 0, 3, 1])
        {
            _mm.RemapAnon(_destination + ((page ^ 1) * Page), _source + (page * Page), 1).ShouldBe(4096);
        }

        Mappings().ShouldBe(before);
    }

    [Fact, Spec("R-047")]
    public void Resident_count_mapcount_and_refcount_are_the_same_in_total()
    {
        PageFrame frame = _mm.FrameAt(_source);
        (long resident, int maps, int references) = (_mm.Space.Rss.Anon, frame.MapCount, frame.RefCount);

        _ = Move(1);

        (_mm.Space.Rss.Anon, frame.MapCount, frame.RefCount).ShouldBe((resident, maps, references));
        _mm.ShouldBeSound();
    }

    [Fact, Spec("R-049", "F-132", "R-044")]
    public void A_lazily_freed_page_that_moves_is_an_ordinary_dirty_page_and_survives_pressure()
    {
        _ = _mm.Advise(_source, 1, Advice.Free);
        PageFrame frame = _mm.FrameAt(_source);
        frame.Mapping.IsLazyFree.ShouldBeTrue();

        _ = Move(1);
        frame.Mapping.LowBits.ShouldBe(MappingWord.Anon);
        _mm.Mem.Lru.LazyFreeCount.ShouldBe(0);
        _ = _mm.ReclaimAll();

        _mm.Read(_destination).ShouldBe((byte)7);
        _mm.PteOf(_source).ShouldBe(Pte.None);
    }

    [Fact, Spec("R-051")]
    public void Tables_made_for_a_move_that_fails_change_no_translation()
    {
        VirtAddr far = _mm.Map(1, at: 0x7000_0000_0000);

        _mm.RemapAnon(far, _source + (4 * Page) - Page, 1).ShouldBe(4096);
        _ = _mm.Advise(far, 1, Advice.DontNeed);
        VirtAddr further = _mm.Map(1, at: 0x6000_0000_0000);
        VirtAddr hole = _mm.Map(1);
        _mm.RemapAnon(further, hole, 1).ShouldBe(-(long)Errno.ENOENT);

        _mm.PteOf(further).ShouldBe(Pte.None);
        _mm.Read(further).ShouldBe((byte)0);
        _mm.ShouldBeSound();
    }

    public void Dispose() => _mm.Dispose();

    private long Move(ulong pages)
    {
        long moved = _mm.RemapAnon(_destination, _source, pages);
        moved.ShouldBe((long)(pages * Page));
        return moved;
    }
}
