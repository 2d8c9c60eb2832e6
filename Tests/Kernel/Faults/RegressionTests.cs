using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Tests.Builders;
using RemapVerb = MmuEmu.Kernel.Mm.Remap;

namespace MmuEmu.Tests.Kernel.Faults;

/// <summary>Bugs that other emulators shipped, each as a test, in every TLB mode.</summary>
public sealed class RegressionTests
{
    public static TheoryData<TlbMode> Modes => [TlbMode.NoCache, TlbMode.Preset, TlbMode.MaxStale];

    [Theory, MemberData(nameof(Modes))]
    public void Memory_reads_as_zero_after_DONTNEED(TlbMode mode)
    {
        using MmHarness mm = new(new MmOptions { TlbMode = mode });
        VirtAddr start = mm.Map(3);
        mm.Fill(start, 3, 0xAA);

        Advise.Range(mm.Mem, mm.Space, new AdviseRequest(start + 4096, 4096, Advice.DontNeed)).ShouldBe(Errno.None);

        mm.ReadPage(start).ShouldAllBe(b => b == 0xAA);
        mm.ReadPage(start + 4096).ShouldAllBe(b => b == 0);
        mm.ReadPage(start + 8192).ShouldAllBe(b => b == 0xAA);
        mm.ShouldBeSound();
    }

    [Theory, MemberData(nameof(Modes))]
    public void A_touch_of_a_PROT_NONE_page_is_SEGV_ACCERR_even_after_it_was_used(TlbMode mode)
    {
        using MmHarness mm = new(new MmOptions { TlbMode = mode });
        VirtAddr page = mm.Map(1);
        mm.Write(page, 1);

        Protect.Change(mm.Mem, mm.Space, new ProtectRequest(page, 4096, Prot.None)).ShouldBe(Errno.None);

        SigInfo expected = new(Signal.SIGSEGV, SigCode.SegvAccErr, page + 7);
        mm.Touch(page + 7, AccessKind.Read).Signal.ShouldBe(expected);
        mm.Touch(page + 7, AccessKind.Write).Signal.ShouldBe(expected);
        mm.Touch(page + 7, AccessKind.Fetch).Signal.ShouldBe(expected);
    }

    [Theory, MemberData(nameof(Modes))]
    public void PROT_NONE_then_DONTNEED_then_writable_reads_as_zero(TlbMode mode)
    {
        using MmHarness mm = new(new MmOptions { TlbMode = mode });
        VirtAddr page = mm.Map(1);
        mm.Fill(page, 1, 0x77);

        Protect.Change(mm.Mem, mm.Space, new ProtectRequest(page, 4096, Prot.None)).ShouldBe(Errno.None);
        Advise.Range(mm.Mem, mm.Space, new AdviseRequest(page, 4096, Advice.DontNeed)).ShouldBe(Errno.None);
        Protect.Change(mm.Mem, mm.Space, new ProtectRequest(page, 4096, Prot.Read | Prot.Write)).ShouldBe(Errno.None);

        mm.ReadPage(page).ShouldAllBe(b => b == 0);
        mm.ShouldBeSound();
    }

    [Theory, MemberData(nameof(Modes))]
    public void PROT_NONE_and_back_keeps_the_bytes(TlbMode mode)
    {
        using MmHarness mm = new(new MmOptions { TlbMode = mode });
        VirtAddr page = mm.Map(1);
        mm.Fill(page, 1, 0x77);

        Protect.Change(mm.Mem, mm.Space, new ProtectRequest(page, 4096, Prot.None)).ShouldBe(Errno.None);
        mm.PteOf(page).Present.ShouldBeFalse();
        Protect.Change(mm.Mem, mm.Space, new ProtectRequest(page, 4096, Prot.Read)).ShouldBe(Errno.None);

        mm.ReadPage(page).ShouldAllBe(b => b == 0x77);
        mm.Touch(page, AccessKind.Write).Signal.Code.ShouldBe(SigCode.SegvAccErr);
    }

    [Theory, MemberData(nameof(Modes))]
    public void An_access_after_munmap_is_SEGV_MAPERR(TlbMode mode)
    {
        using MmHarness mm = new(new MmOptions { TlbMode = mode });
        VirtAddr start = mm.Map(40);
        mm.Fill(start, 40, 1);

        Unmap.Range(mm.Mem, mm.Space, start, 39 * 4096).ShouldBe(Errno.None);

        for (ulong page = 0; page < 39; page++)
        {
            mm.Touch(start + (page * 4096), AccessKind.Write).Signal.Code.ShouldBe(SigCode.SegvMapErr);
        }

        mm.Read(start + (39 * 4096)).ShouldBe((byte)1);
        mm.ShouldBeSound();
    }

    [Theory, MemberData(nameof(Modes))]
    public void A_page_that_mremap_took_away_is_gone_and_its_bytes_are_at_the_new_place(TlbMode mode)
    {
        using MmHarness mm = new(new MmOptions { TlbMode = mode });
        VirtAddr start = mm.Map(4);
        mm.Fill(start, 4, 0x31);
        VirtAddr target = mm.Map(8);
        mm.Fill(target, 8, 0x99);

        RemapRequest request = new(start, 4 * 4096, 6 * 4096, RemapFlags.MayMove | RemapFlags.Fixed, target);
        RemapVerb.Move(mm.Mem, mm.Space, request).Ok(out _, out _).ShouldBeTrue();

        mm.Touch(start).Signal.Code.ShouldBe(SigCode.SegvMapErr);
        mm.ReadPage(target + (3 * 4096)).ShouldAllBe(b => b == 0x31);
        mm.ReadPage(target + (5 * 4096)).ShouldAllBe(b => b == 0);
        mm.ReadPage(target + (6 * 4096)).ShouldAllBe(b => b == 0x99);
        mm.ShouldBeSound();
    }

    [Theory, MemberData(nameof(Modes))]
    public void A_write_sets_D_although_a_read_had_filled_the_TLB(TlbMode mode)
    {
        // Given a page that went to swap and came back by a read: clean, and not in the TLB as dirty
        using MmHarness mm = new(new MmOptions { TlbMode = mode });
        VirtAddr page = mm.Map(1);
        mm.Fill(page, 1, 5);
        mm.Reclaim(1).ShouldBe(1UL);
        mm.Read(page);
        mm.PteOf(page).Has(PteBits.D).ShouldBeFalse();

        // When it is written
        mm.Write(page, 6);

        // Then the entry says so, and the byte survives another trip
        mm.PteOf(page).Has(PteBits.D).ShouldBeTrue();
        mm.Reclaim(1).ShouldBe(1UL);
        mm.Read(page).ShouldBe((byte)6);
    }

    [Theory, MemberData(nameof(Modes))]
    public void After_a_fork_no_processor_writes_through_a_right_it_remembers(TlbMode mode)
    {
        // Given two processors that both wrote the page
        using MmHarness mm = new(new MmOptions { TlbMode = mode, Cpus = 2 });
        VirtAddr page = mm.Map(1);
        mm.Write(page, 1, cpu: 0).Write(page, 2, cpu: 1);

        // When one forks and the other writes
        Fork.Copy(mm.Mem, mm.Space).Ok(out AddressSpace? child, out _).ShouldBeTrue();
        mm.Write(page, 3, cpu: 1);

        // Then the child has the bytes of the moment of the fork, and the first processor sees the write
        mm.Read(page, cpu: 0).ShouldBe((byte)3);
        mm.Run(child!).Read(page).ShouldBe((byte)2);
        mm.ShouldBeSound();
    }

    [Fact]
    public void A_write_to_a_read_only_mapping_is_SEGV_ACCERR_with_the_exact_byte()
    {
        using MmHarness mm = new();
        VirtAddr page = mm.Map(1, Prot.Read);

        mm.Touch(page + 0xFFF, AccessKind.Write).Signal.ShouldBe(new SigInfo(Signal.SIGSEGV, SigCode.SegvAccErr, page + 0xFFF));
        mm.Read(page).ShouldBe((byte)0);
        mm.Touch(page + 1, AccessKind.Write).Signal.Code.ShouldBe(SigCode.SegvAccErr);
    }

    [Fact]
    public void A_fetch_needs_PROT_EXEC()
    {
        using MmHarness mm = new();
        VirtAddr data = mm.Map(1);
        VirtAddr code = mm.Map(1, Prot.Read | Prot.Exec);

        mm.Write(data, 0xC3);

        mm.Touch(data, AccessKind.Fetch).Signal.ShouldBe(new SigInfo(Signal.SIGSEGV, SigCode.SegvAccErr, data));
        mm.Touch(code, AccessKind.Fetch).Ok.ShouldBeTrue();
    }

    [Fact]
    public void A_kernel_address_is_SEGV_MAPERR_for_user_code()
    {
        using MmHarness mm = new();
        VirtAddr kernel = new(0xFFFF_8000_0000_0000);

        mm.Touch(kernel).Signal.ShouldBe(new SigInfo(Signal.SIGSEGV, SigCode.SegvMapErr, kernel));
    }
}
