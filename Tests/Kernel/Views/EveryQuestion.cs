using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Tests.Kernel.Views;

/// <summary>Asks all that can be asked of a run.</summary>
internal static class EveryQuestion
{
    private const int MostPages = 600;
    private static readonly ulong[] OddAddresses = [0, 0x1234, 0x7FFF_FFFF_F000, 0x8000_0000_0000, 0xFFFF_8000_0000_0000, ulong.MaxValue];

    /// <summary>Asks; what comes back must only be there.</summary>
    public static void Ask(MiniKernel kernel)
    {
        KernelView view = new(kernel);
        AskTasks(view);
        foreach (SpaceView space in view.Spaces())
        {
            AskSpace(view, space.Id);
        }

        AskSpace(view, int.MaxValue);
        AskFrames(view);
        foreach (ProcessView process in view.Processes())
        {
            view.HostPathOf(process.Location);
            view.TryReadFile(process.Location, out _);
        }

        view.HashStep().ShouldBe(view.HashStep());
        view.HashState().ShouldBe(view.HashState());
    }

    private static void AskTasks(KernelView view)
    {
        _ = view.Current;
        foreach (TaskView task in view.Tasks())
        {
            // A record compares its lists by identity: the texts tell whether the two answers agree.
            view.TaskOf(task.Tid).ShouldNotBeNull().Rip.ShouldBe(task.Rip);
            view.RegistersOf(task.Tid).ShouldNotBeNull().User.Rip.ShouldBe(task.Rip.Raw);
        }

        view.TaskOf(-1).ShouldBeNull();
        view.RegistersOf(-1).ShouldBeNull();
    }

    private static void AskSpace(KernelView view, int space)
    {
        _ = view.SpaceOf(space);
        byte[] bytes = new byte[9000];
        PageState[] pages = new PageState[MostPages];
        foreach (VmaView vma in view.Vmas(space))
        {
            view.VmaAt(space, vma.Range.Start).ShouldNotBeNull().Range.ShouldBe(vma.Range);
            int told = view.PagesFrom(space, vma.Range.Start, pages);
            for (int i = 0; i < Math.Min(told, (int)vma.Range.PageCount); i++)
            {
                view.EntryAt(space, vma.Range.Start + ((ulong)i << 12)).ShouldNotBeNull().State.ShouldBe(pages[i]);
            }

            view.ReadMemory(space, vma.Range.Start + 100, bytes, out _);
            view.ReadBehind(space, vma.Range.Start + 100, bytes, out _);
            view.ReadBehind(space, vma.Range.End - 5000, bytes, out _);
        }

        foreach (ulong odd in OddAddresses)
        {
            VirtAddr address = new(odd);
            _ = (view.EntryAt(space, address), view.VmaAt(space, address), view.PagesFrom(space, address, pages));
            view.ReadBehind(space, address, bytes, out _).ShouldBe(0);
        }

        foreach ((string path, _, _) in view.Objects(space))
        {
            view.TryReadFile(path, out _);
        }
    }

    private static void AskFrames(KernelView view)
    {
        MemoryView memory = view.Memory();
        for (ulong frame = 0; frame <= Math.Min(memory.TotalFrames, 5000); frame++)
        {
            _ = view.FrameOf(new Pfn(frame));
        }

        foreach (LruKind list in Enum.GetValues<LruKind>())
        {
            view.FramesOn(list, int.MaxValue).Count.ShouldBe(memory[list]);
        }

        byte[] bytes = new byte[5000];
        view.ReadPhysical(new PhysAddr(0x1800), bytes).ShouldBe(5000);
        view.ReadPhysical(new PhysAddr((memory.TotalFrames << 12) - 10), bytes).ShouldBe(10);
        view.ReadPhysical(new PhysAddr(memory.TotalFrames << 12), bytes).ShouldBe(0);
        view.IsRam(new PhysAddr((memory.TotalFrames << 12) - 1)).ShouldBeTrue();
        view.IsRam(new PhysAddr(memory.TotalFrames << 12)).ShouldBeFalse();
    }
}
