using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Mm;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Mm;

/// <summary>Lazily freed pages that remap_anon_pages moves.</summary>
public sealed class RemapLazyPagesTests
{
    [Theory]
    [InlineData(MadvFreeVersion.Linux45)]
    [InlineData(MadvFreeVersion.Linux412)]
    public void A_lazily_freed_page_that_is_moved_is_an_ordinary_one_and_on_the_list_of_those(MadvFreeVersion version)
    {
        using MmHarness mm = new(new MmOptions { Profile = KernelProfile.Default with { MadvFree = version } });
        VirtAddr from = mm.Map(1, at: 0x1000_0000);
        VirtAddr to = mm.Map(1, at: 0x2000_0000);
        mm.Write(from, 7);
        Advise.Range(mm.Mem, mm.Space, new AdviseRequest(from, 4096, Advice.Free)).ShouldBe(Errno.None);
        PageFrame frame = mm.FrameAt(from);
        frame.Mapping.IsLazyFree.ShouldBeTrue();

        RemapAnonPages.Move(mm.Mem, mm.Current(), new RemapAnonRequest(to, from, 4096, default)).IsOk.ShouldBeTrue();

        frame.Mapping.IsLazyFree.ShouldBeFalse();
        LruLists.KindOf(frame).ShouldBeOneOf(LruKind.InactiveAnon, LruKind.ActiveAnon);
        mm.Read(to).ShouldBe((byte)7);
        mm.ShouldBeSound();
    }
}
