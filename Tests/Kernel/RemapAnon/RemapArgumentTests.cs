using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.RemapAnon;

public sealed class RemapArgumentTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly MmHarness _mm = new();
    private readonly VirtAddr _source;
    private readonly VirtAddr _destination;

    public RemapArgumentTests()
    {
        _source = _mm.Map(4, at: 0x1000_0000);
        _mm.Fill(_source, 4, 7);
        _destination = _mm.Map(4, at: 0x2000_0000);
    }

    [Theory]
    [InlineData(1, 0, 4096, 0)]
    [InlineData(0, 1, 4096, 0)]
    [InlineData(0, 0, 4095, 0)]
    [InlineData(0, 0, 4096, 2)]
    [InlineData(0, 0, 4096, 1UL << 63)]
    [InlineData(0, 0, 0, 0)]
    [Spec("R-001", "R-002", "R-003", "R-004", "R-005")]
    public void Crooked_addresses_lengths_and_flags_are_EINVAL(ulong source, ulong destination, ulong length, ulong flags)
    {
        Move(_destination + destination, _source + source, length, flags).ShouldBe(-(long)Errno.EINVAL);
        _mm.Read(_source).ShouldBe((byte)7);
    }

    [Theory, Spec("R-005")]
    [InlineData(0x2000_0000, 0x1000_0000, unchecked((ulong)-0x2000_0000L))]
    [InlineData(0xFFFF_FFFF_FFFF_F000, 0x2000_0000, 2 * Page)]
    public void A_length_that_wraps_the_source_alone_is_EINVAL_and_moves_nothing(ulong source, ulong destination, ulong length)
    {
        unchecked(source + length).ShouldBeLessThan(source);
        unchecked(destination + length).ShouldBeGreaterThan(destination);

        Move(new VirtAddr(destination), new VirtAddr(source), length).ShouldBe(-(long)Errno.EINVAL);

        (_mm.Read(_source), _mm.PteOf(_destination).Raw).ShouldBe(((byte)7, 0UL));
    }

    [Theory, Spec("R-006")]
    [InlineData(0x1000_0000, 0x2000_0000, unchecked((ulong)-0x2000_0000L))]
    [InlineData(0x1000_0000, 0xFFFF_FFFF_FFFF_F000, 2 * Page)]
    public void A_length_that_wraps_the_destination_alone_is_EINVAL_and_moves_nothing(ulong source, ulong destination, ulong length)
    {
        unchecked(source + length).ShouldBeGreaterThan(source);
        unchecked(destination + length).ShouldBeLessThan(destination);

        Move(new VirtAddr(destination), new VirtAddr(source), length).ShouldBe(-(long)Errno.EINVAL);

        (_mm.Read(_source), _mm.PteOf(_destination).Raw).ShouldBe(((byte)7, 0UL));
    }

    [Fact, Spec("R-005", "R-006")]
    public void A_length_that_wraps_both_is_EINVAL_and_moves_nothing()
    {
        Move(_destination, _source, unchecked((ulong)-4096)).ShouldBe(-(long)Errno.EINVAL);

        (_mm.Read(_source), _mm.PteOf(_destination).Raw).ShouldBe(((byte)7, 0UL));
    }

    [Theory, Spec("R-007", "R-009")]
    [InlineData(0x3000_0000, 0x2000_0000)]
    [InlineData(0x1000_3000, 0x2000_0000)]
    [InlineData(0x1000_0000, 0x3000_0000)]
    [InlineData(0x1000_0000, 0x2000_3000)]
    public void Each_range_lies_in_one_mapping_from_end_to_end(ulong source, ulong destination) =>
        Move(new VirtAddr(destination), new VirtAddr(source), 2 * Page).ShouldBe(-(long)Errno.EINVAL);

    [Fact, Spec("R-016")]
    public void Two_mappings_side_by_side_are_not_one()
    {
        _ = _mm.Advise(_source + (2 * Page), 2, Advice.NoHugePage);

        Move(_destination, _source + Page, 2 * Page).ShouldBe(-(long)Errno.EINVAL);
    }

    [Fact, Spec("R-008", "R-009", "R-012")]
    public void Shared_mappings_and_files_are_EINVAL_on_either_side()
    {
        foreach (MapFlags type in (MapFlags[])[MapFlags.Shared, MapFlags.Private])
        {
            VirtAddr file = _mm.MapFile(new PlainFile(_mm.Mem, 2, 1), type);

            Move(_destination, file, Page).ShouldBe(-(long)Errno.EINVAL);
            Move(file, _source, Page).ShouldBe(-(long)Errno.EINVAL);
        }
    }

    [Fact, Spec("R-008", "R-009")]
    public void A_shared_flag_alone_is_enough_for_EINVAL()
    {
        _mm.VmaAt(_source).Flags |= VmFlags.Shared;
        Move(_destination, _source, Page).ShouldBe(-(long)Errno.EINVAL);

        _mm.VmaAt(_source).Flags &= ~VmFlags.Shared;
        _mm.VmaAt(_destination).Flags |= VmFlags.Shared;
        Move(_destination, _source, Page).ShouldBe(-(long)Errno.EINVAL);
    }

    [Theory, Spec("R-010")]
    [InlineData(Prot.Read)]
    [InlineData(Prot.Read | Prot.Write | Prot.Exec)]
    [InlineData(Prot.None)]
    public void Access_rights_must_be_the_same(Prot prot) =>
        Move(_mm.Map(1, prot), _source, Page).ShouldBe(-(long)Errno.EINVAL);

    [Fact, Spec("R-011")]
    public void Both_or_none_of_the_two_are_locked()
    {
        _mm.VmaAt(_source).Flags |= VmFlags.Locked;
        Move(_destination, _source, Page).ShouldBe(-(long)Errno.EINVAL);

        _mm.VmaAt(_destination).Flags |= VmFlags.Locked;
        Move(_destination, _source, Page).ShouldBe(4096);

        _mm.VmaAt(_source).Flags &= ~VmFlags.Locked;
        Move(_destination + Page, _source + Page, Page).ShouldBe(-(long)Errno.EINVAL);
    }

    [Fact, Spec("R-014")]
    public void One_mapping_may_be_both_when_the_ranges_do_not_overlap()
    {
        VirtAddr one = _mm.Map(4);
        _mm.Fill(one, 1, 9);

        Move(one + (2 * Page), one, Page).ShouldBe(4096);
        _mm.Read(one + (2 * Page)).ShouldBe((byte)9);
    }

    [Fact, Spec("R-015")]
    public void The_destination_needs_no_userfault_flag()
    {
        _mm.VmaAt(_destination).Has(VmFlags.UserFault).ShouldBeFalse();

        Move(_destination, _source, 4 * Page).ShouldBe(4 * 4096);
    }

    [Fact, Spec("R-036")]
    public void A_table_that_cannot_be_had_is_ENOMEM_and_nothing_moves()
    {
        using MmHarness mm = new(new MmOptions { RamBytes = 1UL << 20, SwapPages = 0 });
        VirtAddr source = mm.Map(1, at: 0x1000_0000);
        mm.Fill(source, 1, 7);
        VirtAddr destination = mm.Map(1, at: 0x2000_0000);
        while (mm.Mem.Source.TryTake(MmuEmu.Kernel.Frames.FrameContent.Any) is not null)
        {
        }

        mm.RemapAnon(destination, source, 1).ShouldBe(-(long)Errno.ENOMEM);
        mm.Read(source).ShouldBe((byte)7);
    }

    public void Dispose() => _mm.Dispose();

    private long Move(VirtAddr destination, VirtAddr source, ulong length, ulong flags = 0) =>
        MmuEmu.Kernel.Mm.RemapAnonPages.Move(_mm.Mem, _mm.Space, new RemapAnonRequest(destination, source, length, flags)).Rax;
}
