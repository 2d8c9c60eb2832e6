using MmuEmu.Debugger.Lab;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Windows;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Windows;

/// <summary>Windows are entries of the kernel's range: who opens and closes them, and when a slot is used again.</summary>
public sealed class KmapPoolTests
{
    [Fact]
    public void A_slot_is_used_again_only_after_the_pool_has_gone_round()
    {
        using MiniKernel kernel = CopyRuns.Kernel("kmap-copy", "evict", "copy=c0,kmap-pool=4", "64", null);
        KernelWindows windows = kernel.Memory.Windows!;
        PageFrame[] frames = [.. Enumerable.Range(0, 5).Select(_ => kernel.Memory.Source.TryTake(FrameContent.Zero)!)];

        OpenWindow[] open = [.. frames[..3].Select(frame => Open(windows, frame))];
        open.Select(window => (window.Address.Raw - WindowTables.PoolBase) >> 12).ShouldBe([1UL, 2, 3]);
        windows.Tables.Read(open[0].Address).Frame.ShouldBe(frames[0].Pfn);
        Open(windows, frames[0]).ShouldBe(open[0], "a frame has one window");
        windows.Close(open[0]);
        windows.Close(open[0]);
        windows.Tables.Read(open[0].Address).Present.ShouldBeTrue("nobody holds it, and TLBs may know it still");

        Open(windows, frames[3]).Address.Raw.ShouldBe(WindowTables.PoolBase, "past the end: flushed, the first slot of the next round");
        windows.Tables.Read(open[0].Address).Present.ShouldBeFalse();
        Open(windows, frames[4]).Address.ShouldBe(open[0].Address);
        windows.TryOpen(kernel.Memory.Source.TryTake(FrameContent.Zero)!, out _).ShouldBeFalse("all four are held");
        (windows.Pool.Held, windows.Pool.HasRoom).ShouldBe((4, false));
    }

    [Fact]
    public void A_window_is_seen_through_every_address_space_and_by_no_user()
    {
        using MiniKernel kernel = CopyRuns.Kernel("kmap-copy", "evict", "copy=c1", "64", null);
        PageFrame frame = kernel.Memory.Source.TryTake(FrameContent.Zero)!;
        OpenWindow window = kernel.Memory.Windows!.OpenAtomic(0, WindowType.FileMap, frame);

        Access kernels = new(window.Address, AccessKind.Write, AccessOrigin.Supervisor);
        kernel.Core.Mmu.TryTranslate(kernels, out MmuEmu.Emulator.Translation.Translated where, out _).ShouldBeTrue();
        where.Address.Frame.ShouldBe(frame.Pfn);
        Access users = kernels with { Origin = AccessOrigin.User };
        kernel.Core.Mmu.TryTranslate(users, out _, out _).ShouldBeFalse();
        kernel.Memory.Windows.Close(window);
        kernel.Core.Mmu.TryTranslate(kernels, out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Frames_below_the_limit_need_no_window()
    {
        LabRun run = CopyRuns.Of("K-001", "c7", "highmem=1048576");

        (run.IsSafe, run["kmap_atomic"], run["invlpg"]).ShouldBe((true, 0UL, 0UL));
    }

    [Fact]
    public void A_prepare_that_maps_opens_a_window_of_the_pool_besides_the_copys_own()
    {
        (CopyRuns.Of("K-001", "c7", "prepare=kmap")["kmap_high"], CopyRuns.Of("K-001", "c7", "prepare=plain")["kmap_high"]).ShouldBe((1UL, 0UL));
    }

    [Fact]
    public void Without_windows_nothing_is_counted_and_no_root_leads_to_the_kernels_range()
    {
        using MiniKernel kernel = CopyRuns.Kernel("kmap-copy", "evict", "vrange=v10", "64", null);
        kernel.Run().ExitCode.ShouldBe(0);

        kernel.Statistics.CopyCounts.ShouldAllBe(one => one.Count == 0);
        (kernel.Memory.Windows, kernel.System.Copies, kernel.Memory.FaultGate).ShouldBe((null, null, null));
    }

    private static OpenWindow Open(KernelWindows windows, PageFrame frame)
    {
        windows.TryOpen(frame, out OpenWindow window).ShouldBeTrue();
        return window;
    }
}
