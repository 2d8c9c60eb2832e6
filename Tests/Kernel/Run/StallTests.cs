using Iced.Intel;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>Pages that go as others come, without an instruction that ends: no hang, but an end that is told.</summary>
public sealed class StallTests
{
    [Fact]
    public void Two_pages_at_once_in_the_last_frame_are_told_and_end_the_program()
    {
        using AsmGuest guest = new(TouchFarApart);
        List<Notice> told = [];

        RunResult result = Run(guest, told);

        result.Reason.ShouldBe(EndReason.OutOfMemory);
        result.Shortage!.NextRamBytes(4 << 20).ShouldBe(8UL << 20, "more swap would not help");
        Notice stall = told.Where(notice => notice.Kind == NoticeKind.NoProgress).ShouldHaveSingleItem();
        stall.Number.ShouldBeGreaterThan(4000UL);
        VirtAddr[] pages = [.. stall.Needed.Select(needed => needed.Page)];
        pages.Length.ShouldBeGreaterThanOrEqualTo(2);
        pages.ShouldBeUnique();
        stall.Needed.ShouldAllBe(needed => needed.Task.Id == 1000);
        string line = NoticeText.Of(stall, MmuEmu.Emulator.Models.CpuModels.V3);
        line.ShouldContain($"no instruction has run in {stall.Number} page faults");
        line.ShouldContain($"{pages[0]}");
    }

    [Fact]
    public void Where_the_allocator_never_fails_it_is_a_deadlock_that_is_told()
    {
        using AsmGuest guest = new(TouchFarApart);
        List<Notice> told = [];

        RunResult result = Run(guest, told, KernelProfile.Default with { Copy = new CopyProfile { Allocator = AllocatorKind.Mainline } });

        (result.Reason, result.ExitCode).ShouldBe((EndReason.Deadlock, 123));
        told.Where(notice => notice.Kind == NoticeKind.NoProgress).ShouldHaveSingleItem().Needed.Count.ShouldBeGreaterThanOrEqualTo(2);
        result.Waiters.ShouldHaveSingleItem();
    }

    [Fact]
    public void Faults_of_one_instruction_after_the_other_are_no_stall()
    {
        StallWatch watch = new();
        using AsmGuest guest = new(TouchFarApart);
        KernelOptions options = new() { Program = guest.Path, Arguments = ["guest"] };
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.ToString());
        using (kernel)
        {
            kernel!.Run(StopAt.Time(1));
            TaskSystem system = kernel.System;
            for (ulong time = 0; time < 100; time++)
            {
                for (uint fault = 0; fault < 4000; fault++)
                {
                    watch.IsStalled(time, system.Current!, new VirtAddr(fault << 12), system.Processes).ShouldBeFalse();
                }
            }

            for (uint fault = 4000; fault < 4159; fault++)
            {
                watch.IsStalled(99, system.Current!, new VirtAddr(fault % 3 << 12), system.Processes).ShouldBeFalse();
            }

            watch.IsStalled(99, system.Current!, default, system.Processes).ShouldBeTrue();
            watch.TakeNeeded().Select(needed => needed.Page.Raw).Order().ShouldBe([0UL, 0x1000UL, 0x2000UL]);
        }
    }

    private static RunResult Run(AsmGuest guest, List<Notice> told, KernelProfile? profile = null)
    {
        KernelOptions options = new()
        {
            Program = guest.Path,
            Profile = profile ?? KernelProfile.Default,
            Arguments = ["guest"],
            RamBytes = 4 << 20,
            SwapBytes = 16 << 20,
            Notices = told.Add,
        };
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.ToString());
        using (kernel)
        {
            return kernel!.Run();
        }
    }

    /// <summary>Writes to one page of every 2 MiB, so that page tables, which cannot go, take frame after frame.</summary>
    private static void TouchFarApart(Assembler c)
    {
        const int Mmap = 9;
        const int PrivateAnonymousUnreserved = 0x4022;
        Label more = c.CreateLabel();
        c.xor(edi, edi);
        c.mov(rsi, 8L << 30);
        c.mov(edx, 3);
        c.mov(r10d, PrivateAnonymousUnreserved);
        c.mov(r8, -1);
        c.xor(r9d, r9d);
        c.mov(eax, Mmap);
        c.syscall();
        c.mov(ecx, 4096);
        c.Label(ref more);
        c.mov(__byte_ptr[rax], 1);
        c.add(rax, 2 << 20);
        c.dec(ecx);
        c.jne(more);
        c.Exit(0);
    }
}
