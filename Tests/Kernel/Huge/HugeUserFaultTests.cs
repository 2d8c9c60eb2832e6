using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Tables;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Huge;

/// <summary>MADV_USERFAULT where huge pages would fit: a hole stays a hole.</summary>
public sealed class HugeUserFaultTests : IDisposable
{
    private readonly HugeHarness _h = new();

    public void Dispose() => _h.Dispose();

    [Theory]
    [InlineData(AccessKind.Read)]
    [InlineData(AccessKind.Write)]
    [Spec("U-023", Sizes = "2M")]
    public void A_touch_where_not_even_a_table_is_raises_SIGBUS_and_installs_nothing(AccessKind kind)
    {
        VirtAddr plain = _h.Map(0);
        VirtAddr watched = _h.Map(4);
        _h.Advise(watched, HugeHarness.Pages, Advice.UserFault).ShouldBe(Errno.None);
        long tables = _h.Mm.Space.Rss.Tables;

        _h.Mm.Touch(watched + 0x12_3456, kind).ShouldBeBusErrorAt(watched + 0x12_3456);

        TableCursor cursor = _h.Mem.Editor.Over(_h.Mm.Space.Tables, default);
        _ = cursor.Seek(watched, PageSize.Size2M);
        cursor.Entry.ShouldBe(Pte.None);
        (_h.Mm.Space.Rss.Anon, _h.Mm.Space.Rss.Tables, _h.Mem.Huge.ZeroUsers).ShouldBe((1, tables, 0));
        _h.Mm.Touch(plain + 0x12_3456, kind).Ok.ShouldBeTrue();
        _h.IsHuge(plain).ShouldBeTrue("without the advice the same touch makes a huge page");
        _h.Mm.ShouldBeSound();
    }

    [Fact]
    [Spec("U-033")]
    public void A_range_with_a_hole_is_not_collapsed()
    {
        VirtAddr start = _h.Small(0);
        VirtAddr plain = _h.Small(4);
        _h.Advise(start, HugeHarness.Pages, Advice.UserFault).ShouldBe(Errno.None);
        _h.Advise(start + (77 * 4096), 1, Advice.DontNeed).ShouldBe(Errno.None);
        _h.Advise(plain + (77 * 4096), 1, Advice.DontNeed).ShouldBe(Errno.None);

        _h.Advise(start, HugeHarness.Pages, Advice.Collapse).ShouldBe(Errno.EINVAL);
        Collapse.Everywhere(_h.Mem).ShouldBe(1, "the one without the advice");

        _h.IsHuge(start).ShouldBeFalse();
        _h.Mm.Touch(start + (77 * 4096)).ShouldBeBusErrorAt(start + (77 * 4096));
        _h.IsHuge(plain).ShouldBeTrue();
        _h.Mm.Read(plain + (77 * 4096)).ShouldBe((byte)0);

        _h.Advise(start, HugeHarness.Pages, Advice.NoUserFault).ShouldBe(Errno.None);
        _h.Mm.Write(start + (77 * 4096), 1);
        _h.Advise(start, HugeHarness.Pages, Advice.UserFault).ShouldBe(Errno.None);
        Collapse.Everywhere(_h.Mem).ShouldBe(1, "no hole is left");
        _h.IsHuge(start).ShouldBeTrue();
        _h.Mm.ShouldBeSound();
    }
}
