using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.UserFault;

public sealed class UserFaultAdviceTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly MmHarness _mm = new();

    [Fact, Spec("U-001")]
    public void Madvise_18_on_private_anonymous_memory_sets_bit_32_of_the_mapping()
    {
        VirtAddr start = _mm.Map(2);

        _mm.AdviseNumber(start, 2, 18).ShouldBe(Errno.None);

        _mm.VmaAt(start).Has((VmFlags)0x1_0000_0000).ShouldBeTrue();
    }

    [Theory, Spec("U-002", "U-003")]
    [InlineData(MapFlags.Private, Advice.UserFault)]
    [InlineData(MapFlags.Shared, Advice.UserFault)]
    [InlineData(MapFlags.Private, Advice.NoUserFault)]
    [InlineData(MapFlags.Shared, Advice.NoUserFault)]
    public void A_mapping_that_a_file_backs_is_refused(MapFlags type, Advice advice)
    {
        VirtAddr start = _mm.MapFile(new PlainFile(_mm.Mem, 2, 1), type);

        _mm.Advise(start, 2, advice).ShouldBe(Errno.EINVAL);

        _mm.VmaAt(start).Has(VmFlags.UserFault).ShouldBeFalse();
    }

    [Fact, Spec("U-004", "U-005")]
    public void Advice_that_says_what_is_so_already_changes_nothing()
    {
        VirtAddr start = _mm.Map(4);
        _mm.Advise(start, 2, Advice.NoUserFault).ShouldBe(Errno.None);
        _mm.Space.Vmas.Count.ShouldBe(1);

        _ = _mm.Advise(start, 4, Advice.UserFault);
        _mm.Advise(start + Page, 1, Advice.UserFault).ShouldBe(Errno.None);
        _mm.Space.Vmas.Count.ShouldBe(1);
    }

    [Fact, Spec("U-006", "U-007")]
    public void A_part_is_split_off_and_joins_again_once_the_flags_are_equal()
    {
        VirtAddr start = _mm.Map(4);

        _mm.Advise(start + Page, 2, Advice.UserFault).ShouldBe(Errno.None);
        _mm.Space.Vmas.Select(vma => (vma.Range.PageCount, vma.Has(VmFlags.UserFault))).ShouldBe([(1UL, false), (2UL, true), (1UL, false)]);

        _mm.Advise(start + Page, 2, Advice.NoUserFault).ShouldBe(Errno.None);
        _mm.Space.Vmas.Count.ShouldBe(1);
    }

    [Fact, Spec("U-008")]
    public void A_split_that_needs_one_mapping_too_many_is_EAGAIN()
    {
        VirtAddr start = _mm.Map(4);
        _mm.Space.Limits = _mm.Space.Limits with { MapCount = 2 };

        _mm.Advise(start + Page, 2, Advice.UserFault).ShouldBe(Errno.EAGAIN);

        _mm.Space.Vmas.Count.ShouldBe(1);
        _mm.VmaAt(start + Page).Has(VmFlags.UserFault).ShouldBeFalse();
    }

    [Fact, Spec("U-009")]
    public void Past_a_hole_the_rest_is_flagged_and_the_answer_is_ENOMEM()
    {
        VirtAddr first = _mm.Map(1, at: 0x1000_0000);
        VirtAddr second = _mm.Map(1, at: 0x1000_2000);

        _mm.Advise(first, 3, Advice.UserFault).ShouldBe(Errno.ENOMEM);

        (_mm.VmaAt(first).Has(VmFlags.UserFault), _mm.VmaAt(second).Has(VmFlags.UserFault)).ShouldBe((true, true));
    }

    [Fact, Spec("U-010")]
    public void A_file_in_the_middle_ends_the_walk_with_EINVAL()
    {
        VirtAddr first = _mm.Map(1, at: 0x1000_0000);
        _ = _mm.MapFile(new PlainFile(_mm.Mem, 1, 1), MapFlags.Private, 0x1000_1000);
        VirtAddr third = _mm.Map(1, at: 0x1000_2000);

        _mm.Advise(first, 3, Advice.UserFault).ShouldBe(Errno.EINVAL);

        (_mm.VmaAt(first).Has(VmFlags.UserFault), _mm.VmaAt(third).Has(VmFlags.UserFault)).ShouldBe((true, false));
    }

    [Fact, Spec("U-011")]
    public void An_unaligned_start_is_refused_and_a_length_of_0_does_nothing()
    {
        VirtAddr start = _mm.Map(1);

        _mm.Advise(start + 1, 1, Advice.UserFault).ShouldBe(Errno.EINVAL);
        _mm.Advise(start, 0, Advice.UserFault).ShouldBe(Errno.None);

        _mm.VmaAt(start).Has(VmFlags.UserFault).ShouldBeFalse();
    }

    [Fact, Spec("U-013")]
    public void Pages_that_are_there_already_keep_their_entries_and_need_no_flush()
    {
        VirtAddr start = _mm.Map(2);
        _mm.Fill(start, 2, 7);
        (Pte before, int flushes) = (_mm.PteOf(start), _mm.Flushes.Count);

        _ = _mm.Advise(start, 2, Advice.UserFault);

        (_mm.PteOf(start), _mm.Flushes.Count).ShouldBe((before, flushes));
        _mm.Touch(start, AccessKind.Write).ShouldSatisfyAllConditions(t => t.Ok.ShouldBeTrue(), t => t.Faults.ShouldBe(0));
    }

    public void Dispose() => _mm.Dispose();
}
