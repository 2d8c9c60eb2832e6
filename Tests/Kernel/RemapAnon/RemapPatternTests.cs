using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.RemapAnon;

/// <summary>How programs use the call: demand paging of memory that lives elsewhere.</summary>
public sealed class RemapPatternTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly MmHarness _mm = new(new MmOptions { Cpus = 2 });

    [Fact, Spec("R-080", "R-081")]
    public void A_sweep_that_reads_and_writes_is_repaired_page_by_page_with_one_signal_each()
    {
        // Given an area of holes and a scratch page
        const ulong Pages = 64;
        VirtAddr area = _mm.Map(Pages);
        _ = _mm.Advise(area, Pages, Advice.UserFault);
        VirtAddr scratch = _mm.Map(1);
        int signals = 0;

        // When a program reads even pages and writes odd ones, its handler fetching what is missing
        for (ulong page = 0; page < Pages; page++)
        {
            VirtAddr at = area + (page * Page) + 1;
            AccessKind kind = page % 2 == 0 ? AccessKind.Read : AccessKind.Write;
            while (_mm.Touch(at, kind) is { Ok: false } touched)
            {
                touched.ShouldBeBusErrorAt(at);
                signals++;
                _mm.Fill(scratch, 1, 0xAA);
                _mm.RemapAnon(touched.Signal.Address.PageBase, scratch, 1).ShouldBe(4096);
            }

            if (kind == AccessKind.Write)
            {
                _mm.Write(at, 0xBB);
            }
        }

        // Then each page took one signal, and every byte is what it must be
        signals.ShouldBe((int)Pages);
        for (ulong page = 0; page < Pages; page++)
        {
            byte[] bytes = _mm.ReadPage(area + (page * Page));
            bytes[1].ShouldBe(page % 2 == 0 ? (byte)0xAA : (byte)0xBB);
            bytes.Where((_, at) => at != 1).ShouldAllBe(value => value == 0xAA);
        }

        _mm.ShouldBeSound();
    }

    [Fact, Spec("R-082")]
    public void An_area_that_was_moved_in_one_call_beforehand_takes_no_signal()
    {
        VirtAddr source = _mm.Map(64);
        _mm.Fill(source, 64, 0xAA);
        VirtAddr area = _mm.Map(64, at: 0x2000_0000);
        _ = _mm.Advise(area, 64, Advice.UserFault);

        _mm.RemapAnon(area, source, 64).ShouldBe(64 * 4096);

        for (ulong page = 0; page < 64; page++)
        {
            _mm.Touch(area + (page * Page)).Ok.ShouldBeTrue();
        }
    }

    [Fact, Spec("R-088", Cpus = 2)]
    public void A_writers_store_lands_before_the_move_or_faults_after_it_and_never_in_the_moved_frame()
    {
        VirtAddr source = _mm.Map(1);
        VirtAddr destination = _mm.Map(1, at: 0x2000_0000);
        _mm.Fill(source, 1, 1, cpu: 1);
        _ = _mm.Advise(source, 1, Advice.UserFault);
        _mm.Write(source + 8, 2, cpu: 1);

        _mm.RemapAnon(destination, source, 1).ShouldBe(4096);

        _mm.Read(destination + 8).ShouldBe((byte)2);
        _mm.Touch(source + 8, AccessKind.Write, cpu: 1).ShouldBeBusErrorAt(source + 8);
        _mm.Read(destination + 8).ShouldBe((byte)2);
    }

    [Fact, Spec("R-091")]
    public void A_page_can_be_flagged_and_unflagged_written_and_moved_to_a_second_area()
    {
        VirtAddr first = _mm.Map(1, at: 0x1000_0000);
        VirtAddr second = _mm.Map(1, at: 0x2000_0000);

        _mm.Advise(first, 1, Advice.UserFault).ShouldBe(Errno.None);
        _mm.Advise(first, 1, Advice.NoUserFault).ShouldBe(Errno.None);
        _mm.Write(first, 42);

        _mm.RemapAnon(second, first, 1).ShouldBe(4096);
        _mm.Read(second).ShouldBe((byte)42);
    }

    [Fact, Spec("R-066", Profile = "uf2013")]
    public void In_the_2013_posting_success_is_the_length_and_every_surprise_is_EFAULT()
    {
        using MmHarness mm = new(new MmOptions { Profile = KernelProfile.Default with { UserFault = UserFaultVersion.Uf2013 } });
        VirtAddr source = mm.Map(2, at: 0x1000_0000);
        VirtAddr destination = mm.Map(2, at: 0x2000_0000);
        mm.Fill(source, 1, 7);

        mm.RemapAnon(destination, source, 1, 0xFFFF).ShouldBe(4096);
        mm.RemapAnon(destination + Page, source, 1).ShouldBe(-(long)Errno.EFAULT);
        mm.Fill(source, 1, 8);
        mm.RemapAnon(destination, source, 1).ShouldBe(-(long)Errno.EFAULT);
    }

    [Fact]
    public void Pages_that_moved_back_and_forth_under_pressure_keep_their_bytes()
    {
        // Given more pages than memory, each with its own byte
        using MmHarness mm = new(new MmOptions { RamBytes = 1UL << 20, SwapPages = 1024 });
        VirtAddr one = mm.Map(200, at: 0x1000_0000);
        VirtAddr other = mm.Map(200, at: 0x2000_0000);
        for (ulong page = 0; page < 200; page++)
        {
            mm.Fill(one + (page * Page), 1, (byte)page);
        }

        // When each is moved there, a third of them back, with swapping in between
        for (ulong page = 0; page < 200; page++)
        {
            mm.RemapAnon(other + (page * Page), one + (page * Page), 1).ShouldBe(4096, $"page {page} {mm.KindOf(one + (page * Page))}");
            if (page % 3 == 0)
            {
                _ = mm.Reclaim(20);
                mm.RemapAnon(one + (page * Page), other + (page * Page), 1).ShouldBe(4096);
            }
        }

        // Then every byte is in its place
        for (ulong page = 0; page < 200; page++)
        {
            mm.Read((page % 3 == 0 ? one : other) + (page * Page)).ShouldBe((byte)page);
        }

        mm.ShouldBeSound();
    }

    public void Dispose() => _mm.Dispose();
}
