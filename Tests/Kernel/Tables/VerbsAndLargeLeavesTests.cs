using System.Diagnostics;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Tables;

/// <summary>No verb makes a leaf of 2 MiB; what each does with one that it meets is said, not left to chance.</summary>
public sealed class VerbsAndLargeLeavesTests : IDisposable
{
    private const ulong Pages = 512;
    private static readonly VirtAddr Start = new(0x10_0000_0000);

    private readonly MmHarness _mm = new();

    public VerbsAndLargeLeavesTests()
    {
        _mm.Map(3 * Pages, at: Start.Raw - (Pages * 4096));
        using TlbGather gather = _mm.Mem.Gathers.Take(_mm.Space.Tag);
        TableCursor cursor = _mm.Mem.Editor.Over(_mm.Space.Tables, default);
        SpaceTables.Make(_mm.Mem, _mm.Space, ref cursor, Start, PageSize.Size2M).ShouldBe(Descent.Found);
        _mm.Mem.Editor.Write(cursor.Current, Pte.Of(new Pfn(0x400), PteBits.P | PteBits.US | PteBits.RW | PteBits.PS), gather);
    }

    public void Dispose() => _mm.Dispose();

    [Fact]
    public void It_is_dropped_whole_with_one_flush()
    {
        _mm.Touch(Start + 0x12_3456).Ok.ShouldBeTrue();
        _mm.Flushes.Clear();

        Unmap.Range(_mm.Mem, _mm.Space, Start - (Pages * 4096), 3 * Pages * 4096).ShouldBe(Errno.None);

        _mm.Flushes.Count.ShouldBe(1);
        _mm.ShouldBeSound();
        _mm.Space.Rss.Tables.ShouldBe(1);
    }

    [Fact]
    public void It_keeps_its_frame_and_loses_its_rights()
    {
        _mm.Touch(Start, AccessKind.Write).Ok.ShouldBeTrue();

        Protect.Change(_mm.Mem, _mm.Space, new ProtectRequest(Start - 4096, (Pages + 1) * 4096, Prot.Read)).ShouldBe(Errno.None);

        _mm.Touch(Start + 0x1F_FFFF).Where.ShouldBe(new PhysAddr(0x5F_FFFF));
        _mm.Touch(Start, AccessKind.Write).Signal.Signal.ShouldBe(Signal.SIGSEGV);
    }

    [Fact]
    public void It_is_never_cut() => Should.Throw<UnreachableException>(() =>
        Advise.Range(_mm.Mem, _mm.Space, new AdviseRequest(Start + 4096, 4096, Advice.DontNeed)));

    [Fact]
    public void It_is_in_memory_page_by_page()
    {
        Mincore.Of(_mm.Mem, _mm.Space, Start - 4096, (Pages + 2) * 4096).Ok(out byte[]? pages, out _).ShouldBeTrue();
        pages.ShouldBe([0, .. Enumerable.Repeat((byte)1, (int)Pages), 0]);
    }

    [Fact]
    public void It_is_not_copied_and_not_moved()
    {
        Fork.Copy(_mm.Mem, _mm.Space).Ok(out _, out Errno fork).ShouldBeFalse();
        fork.ShouldBe(Errno.ENOMEM);
        _mm.Mem.Spaces.ShouldHaveSingleItem();
        RemapAnonPages.Move(_mm.Mem, _mm.Space, new RemapAnonRequest(Start, Start - 4096, 4096, 0)).Rax.ShouldBe(-(long)Errno.EEXIST);
        RemapAnonPages.Move(_mm.Mem, _mm.Space, new RemapAnonRequest(Start - 4096, Start, 4096, 0)).Rax.ShouldBe(-(long)Errno.EFAULT);
    }

    [Theory]
    [InlineData(Advice.Free)]
    [InlineData(Advice.Cold)]
    [InlineData(Advice.PageOut)]
    [InlineData(Advice.WillNeed)]
    public void Advice_about_pages_leaves_it_alone(Advice advice)
    {
        Pte before = _mm.PteOf(Start);
        Advise.Range(_mm.Mem, _mm.Space, new AdviseRequest(Start - 4096, (Pages + 2) * 4096, advice)).ShouldBe(Errno.None);
        _mm.PteOf(Start).ShouldBe(before);
    }

    [Fact]
    public void The_invariants_tell_of_it() =>
        MmInvariants.Check(_mm.Mem).ShouldHaveSingleItem().ShouldContain("PDE");
}
