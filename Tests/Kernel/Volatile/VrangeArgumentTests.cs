using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Syscalls;

namespace MmuEmu.Tests.Kernel.Volatile;

public sealed class VrangeArgumentTests
{
    private const ulong Start = 0x10_0000;
    private static readonly VrangeTraits V10 = VrangeTable.Of(KernelProfile.Default);

    [Fact]
    public void The_call_has_number_314() => SyscallTable.Find("vrange")!.Number.ShouldBe(314UL);

    [Fact, Spec("V-006")]
    public void Volatile_is_mode_0_and_nonvolatile_is_mode_1() =>
        ((int)VrangeMode.Volatile, (int)VrangeMode.NonVolatile).ShouldBe((0, 1));

    [Fact, Spec("V-004")]
    public void The_registers_carry_start_length_mode_and_purged_in_this_order() =>
        VrangeArgs.OfRegisters(V10, [0x1000, 0x2000, 1, 0x3000, 0x4000])
            .ShouldBe(new VrangeArgs(new VirtAddr(0x1000), 0x2000, VrangeMode.NonVolatile, new VirtAddr(0x3000)));

    [Fact, Spec("V-010")]
    public void Only_the_low_32_bits_of_the_mode_count()
    {
        VrangeArgs args = VrangeArgs.OfRegisters(V10, [Start, 0x1000, 0xDEAD_BEEF_0000_0001, 0, 0]);

        (args.Mode, args.Check(V10)).ShouldBe((VrangeMode.NonVolatile, Errno.None));
    }

    [Theory]
    [InlineData(Start + 1, 0x1000)]
    [InlineData(Start + 0xFFF, 0x1000)]
    [Spec("V-025")]
    public void A_start_inside_a_page_is_refused(ulong start, ulong length) => Check(start, length).ShouldBe(Errno.EINVAL);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4097)]
    [InlineData(0x2FFF)]
    [Spec("V-026", "V-027", "V-028")]
    public void A_length_that_is_no_multiple_of_a_page_or_0_is_refused(ulong length) => Check(Start, length).ShouldBe(Errno.EINVAL);

    [Theory]
    [InlineData(Start, unchecked((ulong)-4096))]
    [InlineData(0, unchecked((ulong)-4096))]
    [InlineData(0x1000, 1UL << 63)]
    [Spec("V-029", "V-030", "V-031")]
    public void A_negative_or_wrapping_length_is_refused_also_from_address_0(ulong start, ulong length) =>
        Check(start, length).ShouldBe(Errno.EINVAL);

    [Theory]
    [InlineData(0x7FFF_FFFF_F000, 0x1000, Errno.EINVAL)]
    [InlineData(0xFFFF_8000_0000_0000, 0x1000, Errno.EINVAL)]
    [InlineData(0x7FFF_FFFF_E000, 0x1000, Errno.None)]
    [InlineData(0x7FFF_FFFF_E000, 0x8000, Errno.None)]
    [Spec("V-032", "V-033")]
    public void The_start_must_be_a_user_address_and_the_end_need_not_be(ulong start, ulong length, Errno expected) =>
        Check(start, length).ShouldBe(expected);

    [Theory]
    [InlineData(2u)]
    [InlineData(0xFFFF_FFFFu)]
    [Spec("V-034")]
    public void An_unknown_mode_is_refused(uint mode) =>
        VrangeArgs.OfRegisters(V10, [Start, 0x1000, mode, 0, 0]).Check(V10).ShouldBe(Errno.EINVAL);

    private static Errno Check(ulong start, ulong length) => VrangeArgs.OfRegisters(V10, [start, length, 0, 0, 0]).Check(V10).Errno;
}
