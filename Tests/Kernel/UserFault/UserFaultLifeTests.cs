using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.UserFault;

/// <summary>The flag lives in the mapping: it goes where the mapping goes.</summary>
public sealed class UserFaultLifeTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly MmHarness _mm = new();

    [Fact, Spec("U-060")]
    public void A_child_inherits_the_flag_and_shares_the_present_pages()
    {
        VirtAddr start = Flagged(2);
        AddressSpace child = _mm.Fork();

        _mm.Run(child);
        _mm.Touch(start + Page).ShouldBeBusErrorAt(start + Page);
        _mm.Read(start).ShouldBe((byte)7);
        _mm.FrameAt(start).MapCount.ShouldBe(2);
    }

    [Fact, Spec("U-061")]
    public void A_mapping_that_is_not_copied_at_fork_is_SIGSEGV_in_the_child()
    {
        VirtAddr start = Flagged(2);
        _ = _mm.Advise(start, 2, Advice.DontFork);
        _mm.Run(_mm.Fork());

        _mm.Touch(start + Page).Signal.ShouldBe(new SigInfo(Signal.SIGSEGV, SigCode.SegvMapErr, start + Page));
    }

    [Fact, Spec("U-062")]
    public void A_moved_and_grown_mapping_keeps_the_flag_in_its_new_part_too()
    {
        VirtAddr start = Flagged(2);
        VirtAddr to = new(0x2000_0000);

        Remap.Move(_mm.Mem, _mm.Space, new RemapRequest(start, 2 * Page, 4 * Page, RemapFlags.MayMove | RemapFlags.Fixed, to))
            .Ok(out _, out Errno errno).ShouldBeTrue($"{errno}");

        _mm.Read(to).ShouldBe((byte)7);
        _mm.Touch(to + Page).ShouldBeBusErrorAt(to + Page);
        _mm.Touch(to + (3 * Page)).ShouldBeBusErrorAt(to + (3 * Page));
    }

    [Fact, Spec("U-063")]
    public void New_memory_at_the_same_address_has_no_flag()
    {
        VirtAddr start = Flagged(2);
        _ = Unmap.Range(_mm.Mem, _mm.Space, start, 2 * Page);
        _ = _mm.Map(2, at: start.Raw);

        _mm.Read(start + Page).ShouldBe((byte)0);
    }

    [Fact, Spec("U-064")]
    public void Mprotect_keeps_the_flag()
    {
        VirtAddr start = Flagged(2);

        Protect.Change(_mm.Mem, _mm.Space, new ProtectRequest(start, 2 * Page, Prot.Read)).ShouldBe(Errno.None);

        _mm.VmaAt(start).Has(VmFlags.UserFault).ShouldBeTrue();
        _mm.Touch(start + Page).ShouldBeBusErrorAt(start + Page);
    }

    [Fact, Spec("U-065")]
    public void A_neighbour_without_the_flag_is_never_joined()
    {
        VirtAddr start = _mm.Map(1, at: 0x1000_0000);
        _ = _mm.Advise(start, 1, Advice.UserFault);
        _ = _mm.Map(1, at: 0x1000_1000);

        _mm.Space.Vmas.Count.ShouldBe(2);
        _mm.Read(start + Page).ShouldBe((byte)0);
    }

    public void Dispose() => _mm.Dispose();

    /// <summary>A filled page, then holes, all flagged.</summary>
    private VirtAddr Flagged(ulong pages)
    {
        VirtAddr start = _mm.Map(pages);
        _mm.Fill(start, 1, 7);
        _mm.Advise(start, pages, Advice.UserFault).ShouldBe(Errno.None);
        return start;
    }
}
