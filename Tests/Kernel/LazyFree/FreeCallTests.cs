using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.LazyFree;

public sealed class FreeCallTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly MmHarness _mm = new();

    [Theory, Spec("F-001")]
    [InlineData(5)]
    [InlineData(8)]
    public void Advice_5_of_the_proposal_and_8_of_Linux_both_free_lazily(int advice)
    {
        VirtAddr start = Filled(1);

        _mm.AdviseNumber(start, 1, advice).ShouldBe(Errno.None);

        _mm.FrameAt(start).Mapping.IsLazyFree.ShouldBeTrue();
    }

    [Fact, Spec("F-002", Profile = "rfc2014 linux45 linux412")]
    public void A_strict_historic_profile_knows_its_own_number_alone()
    {
        foreach ((MadvFreeVersion version, int own, int other) in
            ((MadvFreeVersion, int, int)[])[(MadvFreeVersion.Rfc2014, 5, 8), (MadvFreeVersion.Linux45, 8, 5), (MadvFreeVersion.Linux412, 8, 5)])
        {
            KernelProfile profile = new() { MadvFree = version, Switches = ProfileSwitches.StrictAdvice };
            using MmHarness mm = new(new MmOptions { Profile = profile });
            VirtAddr start = mm.Map(1);
            mm.Fill(start, 1, 7);

            mm.AdviseNumber(start, 1, other).ShouldBe(Errno.EINVAL);
            mm.FrameAt(start).Mapping.IsLazyFree.ShouldBeFalse();
            mm.AdviseNumber(start, 1, own).ShouldBe(Errno.None);
            mm.FrameAt(start).Mapping.IsLazyFree.ShouldBeTrue();
        }
    }

    [Fact, Spec("F-003")]
    public void An_unaligned_start_is_EINVAL_and_no_entry_is_touched()
    {
        VirtAddr start = Filled(1);
        Pte before = _mm.PteOf(start);

        _mm.Advise(start + 8, 1, Advice.Free).ShouldBe(Errno.EINVAL);

        _mm.PteOf(start).ShouldBe(before);
    }

    [Fact, Spec("F-004")]
    public void A_length_of_one_byte_frees_the_whole_page()
    {
        VirtAddr start = Filled(2);

        FreeBytes(start, 1).ShouldBe(Errno.None);

        IsClean(start).ShouldBeTrue();
        IsClean(start + Page).ShouldBeFalse();
    }

    [Fact, Spec("F-005")]
    public void A_length_of_0_is_0_and_does_nothing_also_where_nothing_is_mapped()
    {
        VirtAddr start = Filled(1);

        FreeBytes(start, 0).ShouldBe(Errno.None);
        FreeBytes(new VirtAddr(0x5000_0000), 0).ShouldBe(Errno.None);

        IsClean(start).ShouldBeFalse();
    }

    [Theory, Spec("F-006")]
    [InlineData(ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 0xFFF)]
    public void A_length_that_overflows_is_EINVAL(ulong length) => FreeBytes(Filled(1), length).ShouldBe(Errno.EINVAL);

    [Fact, Spec("F-007")]
    public void Past_a_hole_the_rest_is_freed_and_the_answer_is_ENOMEM()
    {
        VirtAddr first = _mm.Map(1, at: 0x1000_0000);
        VirtAddr third = _mm.Map(1, at: 0x1000_2000);
        _mm.Fill(first, 1, 1).Fill(third, 1, 3);

        _mm.Advise(first, 3, Advice.Free).ShouldBe(Errno.ENOMEM);

        (IsClean(first), IsClean(third)).ShouldBe((true, true));
    }

    [Fact, Spec("F-008")]
    public void A_file_in_the_middle_ends_the_walk_with_EINVAL()
    {
        VirtAddr first = _mm.Map(1, at: 0x1000_0000);
        _ = _mm.MapFile(new PlainFile(_mm.Mem, 1, 9), MapFlags.Private, 0x1000_1000);
        VirtAddr third = _mm.Map(1, at: 0x1000_2000);
        _mm.Fill(first, 1, 1).Fill(third, 1, 3);

        _mm.Advise(first, 3, Advice.Free).ShouldBe(Errno.EINVAL);

        (IsClean(first), IsClean(third)).ShouldBe((true, false));
    }

    [Fact, Spec("F-010", "F-011")]
    public void Neither_the_mapping_nor_the_resident_count_changes()
    {
        VirtAddr start = Filled(4);
        (VmFlags flags, long resident) = (_mm.VmaAt(start).Flags, _mm.Space.Rss.Resident);

        _ = _mm.Advise(start + Page, 2, Advice.Free);

        (_mm.Space.Vmas.Count, _mm.VmaAt(start).Flags, _mm.Space.Rss.Resident).ShouldBe((1, flags, resident));
    }

    [Theory, Spec("F-020", "F-021", "V-196")]
    [InlineData(MapFlags.Private)]
    [InlineData(MapFlags.Shared)]
    public void A_mapping_that_a_file_backs_is_EINVAL_even_where_its_pages_are_private_copies(MapFlags type)
    {
        VirtAddr start = _mm.MapFile(new PlainFile(_mm.Mem, 1, 9), type);
        _mm.Write(start, 1);
        Pte before = _mm.PteOf(start);

        _mm.Advise(start, 1, Advice.Free).ShouldBe(Errno.EINVAL);

        _mm.PteOf(start).ShouldBe(before);
    }

    [Fact, Spec("F-028", Profile = "linux45 linux412")]
    public void In_Linux_a_mapping_that_a_file_backs_is_EINVAL_too()
    {
        foreach (MadvFreeVersion version in (MadvFreeVersion[])[MadvFreeVersion.Linux45, MadvFreeVersion.Linux412])
        {
            using MmHarness mm = new(new MmOptions { Profile = new KernelProfile { MadvFree = version } });
            foreach (MapFlags type in (MapFlags[])[MapFlags.Private, MapFlags.Shared])
            {
                VirtAddr start = mm.MapFile(new PlainFile(mm.Mem, 1, 9), type);
                mm.Write(start, 1);
                Pte before = mm.PteOf(start);

                mm.Advise(start, 1, Advice.Free).ShouldBe(Errno.EINVAL);

                mm.PteOf(start).ShouldBe(before);
            }
        }
    }

    [Fact, Spec("F-022")]
    public void Shared_anonymous_memory_is_EINVAL() => AnswersOfSharedMemory(MadvFreeVersion.Rfc2014, 5).ShouldBe((-(long)Errno.EINVAL, 0x77UL));

    [Fact, Spec("F-028", Profile = "linux45 linux412")]
    public void In_Linux_shared_anonymous_memory_is_EINVAL_too()
    {
        AnswersOfSharedMemory(MadvFreeVersion.Linux45, 8).ShouldBe((-(long)Errno.EINVAL, 0x77UL));
        AnswersOfSharedMemory(MadvFreeVersion.Linux412, 8).ShouldBe((-(long)Errno.EINVAL, 0x77UL));
    }

    [Theory, Spec("F-023", "F-024", "F-025", "V-196")]
    [InlineData(VmFlags.Locked)]
    [InlineData(VmFlags.HugeTlb)]
    [InlineData(VmFlags.PfnMap)]
    public void Locked_huge_and_raw_mappings_are_EINVAL(VmFlags flag)
    {
        VirtAddr start = Filled(1);
        _mm.VmaAt(start).Flags |= flag;

        _mm.Advise(start, 1, Advice.Free).ShouldBe(Errno.EINVAL);

        IsClean(start).ShouldBeFalse();
    }

    [Fact, Spec("F-026")]
    public void A_locked_file_mapping_is_EINVAL_too()
    {
        VirtAddr start = _mm.MapFile(new PlainFile(_mm.Mem, 1, 9), MapFlags.Private);
        _mm.VmaAt(start).Flags |= VmFlags.Locked;

        _mm.Advise(start, 1, Advice.Free).ShouldBe(Errno.EINVAL);
    }

    [Theory, Spec("F-027")]
    [InlineData(Prot.Read)]
    [InlineData(Prot.None)]
    public void Access_rights_do_not_matter(Prot prot)
    {
        VirtAddr start = Filled(1);
        _ = Protect.Change(_mm.Mem, _mm.Space, new ProtectRequest(start, Page, prot));

        _mm.Advise(start, 1, Advice.Free).ShouldBe(Errno.None);

        IsClean(start).ShouldBeTrue();
        _mm.FrameAt(start).Mapping.IsLazyFree.ShouldBeTrue();
    }

    [Fact, Spec("F-027")]
    public void The_heap_is_freed_like_any_private_memory()
    {
        (_mm.Space.BrkStart, _mm.Space.Brk) = (new VirtAddr(0x80_0000), new VirtAddr(0x80_0000));
        _ = Brk.Set(_mm.Mem, _mm.Space, new VirtAddr(0x80_1000));
        _mm.Fill(new VirtAddr(0x80_0000), 1, 7);

        _mm.Advise(new VirtAddr(0x80_0000), 1, Advice.Free).ShouldBe(Errno.None);
        IsClean(new VirtAddr(0x80_0000)).ShouldBeTrue();
    }

    public void Dispose() => _mm.Dispose();

    /// <summary>A program maps shared anonymous memory, writes a word and frees it: what madvise answers, and the word after pressure.</summary>
    private static (long Answer, ulong Word) AnswersOfSharedMemory(MadvFreeVersion version, ulong advice)
    {
        const ulong Area = 0x1000_0000;
        const ulong Reclaim = 0x4D4D_5502;
        GuestRun run = GuestRun.Of(
            a =>
            {
                a.Call(9, Area, Page, 3, 0x31, ulong.MaxValue, 0);
                a.mov(rbx, Area);
                a.mov(__qword_ptr[rbx], 0x77);
                a.Call(28, Area, Page, advice);
                a.mov(__qword_ptr[AssembledGuest.Data], rax);
                a.Call(Reclaim, 1000);
                a.mov(rbx, Area);
                a.mov(rax, __qword_ptr[rbx]);
                a.mov(__qword_ptr[AssembledGuest.Data + 8], rax);
                a.PrintAndExit(AssembledGuest.Data, 16);
            },
            options => options with { Profile = new KernelProfile { MadvFree = version } });
        return ((long)run[0], run[1]);
    }

    private VirtAddr Filled(ulong pages)
    {
        VirtAddr start = _mm.Map(pages);
        _mm.Fill(start, pages, 0xAA);
        return start;
    }

    private Errno FreeBytes(VirtAddr start, ulong length) =>
        MmuEmu.Kernel.Mm.Advise.Range(_mm.Mem, _mm.Space, new AdviseRequest(start, length, Advice.Free)).Errno;

    private bool IsClean(VirtAddr page) => (_mm.PteOf(page).Raw & (ulong)(PteBits.A | PteBits.D)) == 0;
}
