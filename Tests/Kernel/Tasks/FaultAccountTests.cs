using Iced.Intel;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Tasks;

/// <summary>Minor and major faults, as getrusage, wait4 and /proc tell them.</summary>
public sealed class FaultAccountTests
{
    private const ulong Data = AssembledGuest.Data;
    private const ulong Pages = 0x1000_0000;
    private const ulong Reclaim = 0x4D4D_5502;
    private const int UsageBytes = 144;
    private const int PeakAt = 4;
    private const int MinorAt = 8;
    private const int MajorAt = 9;
    private const int Words = UsageBytes / 8;

    [Fact]
    public void First_touches_are_minor_faults_of_the_thread_and_of_the_process()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            a.MapAt(Pages, 0x1_0000);
            a.Call(98, 0, Data);
            a.Call(98, 0, Data);
            Touch(a, 3);
            a.Call(98, 0, Data + UsageBytes);
            a.Call(98, 1, Data + (2 * UsageBytes));
            a.PrintAndExit(Data, 3 * UsageBytes);
        });

        (run[Words + MinorAt] - run[MinorAt]).ShouldBe(3UL);
        run[Words + MajorAt].ShouldBe(run[MajorAt]);
        run[(2 * Words) + MinorAt].ShouldBe(run[Words + MinorAt]);
        run[Words + PeakAt].ShouldBe(run[PeakAt] + 12);
    }

    [Fact]
    public void A_page_of_a_file_is_a_major_fault_while_it_is_not_in_the_page_cache()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            a.Call(98, 0, Data);
            a.PrintAndExit(Data, UsageBytes);
        });

        // The page with the code was read; nothing else of the file is touched.
        run[MajorAt].ShouldBe(1UL);
    }

    [Fact]
    public void A_page_that_comes_back_from_swap_is_a_major_fault()
    {
        GuestRun run = GuestRun.Of(
            a =>
            {
                a.MapAt(Pages, 0x1_0000);
                Touch(a, 4);
                a.Call(Reclaim, 1000);
                a.Call(Reclaim, 1000);
                a.Call(98, 0, Data);
                a.Call(98, 0, Data);
                Touch(a, 4);
                a.Call(98, 0, Data + UsageBytes);
                a.PrintAndExit(Data, 2 * UsageBytes);
            },
            options => options with { SwapBytes = 1 << 20 });

        (run[Words + MajorAt] - run[MajorAt]).ShouldBeGreaterThanOrEqualTo(4UL);
    }

    [Fact]
    public void A_child_that_is_waited_for_leaves_its_faults_to_its_parent()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            Label child = a.CreateLabel();
            a.MapAt(Pages, 0x10_0000);
            a.Call(98, ulong.MaxValue, Data);
            a.Call(57);
            a.test(rax, rax);
            a.je(child);
            a.Call(61, ulong.MaxValue, 0, 0, Data + UsageBytes);
            a.Call(98, ulong.MaxValue, Data + (2 * UsageBytes));
            a.PrintAndExit(Data, 3 * UsageBytes);
            a.Label(ref child);
            Touch(a, 100);
            a.Call(231, 0);
        });

        (run[MinorAt], run[PeakAt]).ShouldBe((0UL, 0UL));
        run[Words + MinorAt].ShouldBeInRange(100UL, 110UL);
        run[Words + PeakAt].ShouldBeGreaterThanOrEqualTo(400UL);
        Enumerable.Range(0, Words).Select(i => run[(2 * Words) + i]).ShouldBe(Enumerable.Range(0, Words).Select(i => run[Words + i]));
    }

    private static void Touch(Assembler a, int pages)
    {
        a.mov(rbx, Pages);
        for (int i = 0; i < pages; i++)
        {
            a.mov(__byte_ptr[rbx + (i * 4096)], 1);
        }
    }
}
