using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.UserCopy;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.UserCopy;

public sealed class UserMemoryTests
{
    [Fact]
    public void Bytes_cross_pages_that_were_never_touched()
    {
        using MmHarness mm = new();
        VirtAddr start = mm.Map(3);
        UserMemory user = Of(mm);
        byte[] text = [.. Enumerable.Range(0, 9000).Select(i => (byte)(i * 3))];
        byte[] back = new byte[9000];

        user.TryWrite((start + 100).Raw, text).ShouldBeTrue();
        user.TryRead((start + 100).Raw, back).ShouldBeTrue();

        back.ShouldBe(text);
        mm.Read(start + 100 + 5000).ShouldBe(text[5000]);
    }

    [Fact]
    public void A_hole_ends_the_copy_with_EFAULT_after_the_bytes_before_it()
    {
        using MmHarness mm = new();
        VirtAddr start = mm.Map(1);
        UserMemory user = Of(mm);
        byte[] bytes = new byte[100];

        user.WriteUpTo((start + 4096 - 60).Raw, bytes).ShouldBe(60);
        user.TryWrite((start + 4096 - 60).Raw, bytes).ShouldBeFalse();
        user.ReadUpTo((start + 4096).Raw, bytes).ShouldBe(0);
        user.LastFault.Signal.ShouldBe(new SigInfo(Signal.SIGSEGV, SigCode.SegvMapErr, start + 4096));
    }

    [Fact]
    public void The_kernel_may_not_write_where_the_program_may_not()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1, Prot.Read);
        UserMemory user = Of(mm);

        user.TryWriteUInt32(page.Raw, 1).ShouldBeFalse();
        user.TryReadUInt32(page.Raw, out uint value).ShouldBeTrue();

        value.ShouldBe(0U);
    }

    [Theory]
    [InlineData(0xFFFF_8000_0000_0000UL)]
    [InlineData(0x0000_7FFF_FFFF_F000UL)]
    [InlineData(0x0000_8000_0000_0000UL)]
    [InlineData(0xFFFF_FFFF_FFFF_FFFEUL)]
    public void Addresses_outside_user_space_are_EFAULT(ulong address)
    {
        using MmHarness mm = new();
        UserMemory user = Of(mm);

        user.TryReadUInt64(address, out _).ShouldBeFalse();
    }

    [Fact, Spec("F-102")]
    public void A_kernel_store_sets_D_as_the_program_would()
    {
        // Given a clean page, given to MADV_FREE
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);
        mm.Fill(page, 1, 5);
        Advise.Range(mm.Mem, mm.Space, new AdviseRequest(page, 4096, Advice.Free)).ShouldBe(Errno.None);
        mm.PteOf(page).Has(PteBits.D).ShouldBeFalse();

        // When a system call writes one byte into it, and memory runs short
        Of(mm).TryWrite((page + 9).Raw, [6]).ShouldBeTrue();
        mm.PteOf(page).Has(PteBits.D).ShouldBeTrue();
        mm.ReclaimAll();

        // Then the page survives whole
        mm.Read(page + 9).ShouldBe((byte)6);
        mm.Read(page + 10).ShouldBe((byte)5);
    }

    [Fact]
    public void A_write_breaks_copy_on_write_for_this_space_alone()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);
        mm.Write(page, 1);
        Fork.Copy(mm.Mem, mm.Space).Ok(out MmuEmu.Kernel.Vmas.AddressSpace? child, out _).ShouldBeTrue();

        Of(mm).TryWrite(page.Raw, [2]).ShouldBeTrue();

        mm.Read(page).ShouldBe((byte)2);
        mm.Run(child!).Read(page).ShouldBe((byte)1);
    }

    [Fact]
    public void A_swapped_page_is_brought_in()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);
        mm.Write(page, 77);
        mm.Reclaim(1).ShouldBe(1UL);

        byte[] one = new byte[1];
        Of(mm).TryRead(page.Raw, one).ShouldBeTrue();

        one[0].ShouldBe((byte)77);
    }

    [Fact]
    public void Strings_end_at_their_NUL_even_just_before_a_hole()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);
        UserMemory user = Of(mm);
        user.TryWrite((page + 4096 - 4).Raw, "abc\0"u8).ShouldBeTrue();

        user.ReadString((page + 4096 - 4).Raw, 4096).Ok(out string? text, out _).ShouldBeTrue();
        text.ShouldBe("abc");

        user.TryWrite((page + 4096 - 4).Raw, "abcd"u8).ShouldBeTrue();
        user.ReadString((page + 4096 - 4).Raw, 4096).Ok(out _, out Errno errno).ShouldBeFalse();
        errno.ShouldBe(Errno.EFAULT);
        user.ReadString((page + 4096 - 4).Raw, 3).Ok(out _, out errno).ShouldBeFalse();
        errno.ShouldBe(Errno.ENAMETOOLONG);
    }

    [Fact]
    public void SMAP_is_lifted_for_the_copy_and_back_in_force_after_it()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1);

        Of(mm).TryWrite(page.Raw, [1]).ShouldBeTrue();

        Access stray = new(page, AccessKind.Read, AccessOrigin.Supervisor);
        mm.Mmu().TryTranslate(stray, out _, out PageFault fault).ShouldBeFalse();
        fault.Code.ShouldBe(PageFaultCode.P);
    }

    [Fact]
    public void Out_of_memory_is_told_apart()
    {
        using MmHarness mm = new(new MmOptions { RamBytes = 1UL << 20, SwapPages = 0 });
        VirtAddr start = mm.Map(250);
        UserMemory user = Of(mm);
        byte[] much = new byte[250 * 4096];

        user.WriteUpTo(start.Raw, much).ShouldBeLessThan(much.Length);

        user.LastFault.End.ShouldBe(FaultEnd.OutOfMemory);
    }

    private static UserMemory Of(MmHarness mm) => new(mm.Mem, mm.Mmu()) { Space = mm.Space };
}
