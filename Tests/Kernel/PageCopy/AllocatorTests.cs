using MmuEmu.Debugger.Lab;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Life;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.PageCopy;

/// <summary>The allocators of 2002 when nothing can be freed.</summary>
public sealed class AllocatorTests
{
    private const ulong Ms = 1_000_000;

    [Fact]
    [Spec("K-060")]
    public void The_killer_of_mainline_does_nothing_while_a_slot_is_free()
    {
        using MiniKernel kernel = CopyRuns.Kernel("kmap-oom", "4 8", "allocator=mainline", "16", null);
        kernel.Memory.Swap.FreeSlots.ShouldBeGreaterThan(0);

        for (int i = 0; i < 100; i++)
        {
            kernel.Memory.Shortage!.TriesAgain(out ulong again).ShouldBeTrue("the allocation is tried again");
            kernel.System.SkipTo(again);
        }

        kernel.Memory.Counters[MmCounter.OomKill].ShouldBe(0UL);
    }

    [Fact]
    [Spec("K-061")]
    public void Without_swap_it_kills_after_a_second_and_ten_failures_and_not_again_for_five()
    {
        using MiniKernel kernel = CopyRuns.Kernel("kmap-oom", "4 8", "allocator=mainline", "16", null);
        MainlineKiller killer = new(kernel.System);

        Kills(killer, from: 1000 * Ms, each: 20 * Ms, times: 50).ShouldBeEmpty("less than a second since the first");
        Kills(killer, from: 2021 * Ms, each: Ms, times: 9).ShouldBeEmpty("fewer than ten that count");
        Kills(killer, from: 2040 * Ms, each: 20 * Ms, times: 400).ShouldBe([2040 * Ms, 7040 * Ms], "then at once, and again after five seconds");
        Kills(killer, from: 16_000 * Ms, each: 20 * Ms, times: 51).ShouldBeEmpty("after five quiet seconds it begins anew");
        Kills(killer, from: 17_030 * Ms, each: 20 * Ms, times: 10).ShouldHaveSingleItem();
    }

    [Fact]
    [Spec("K-061", "K-064")]
    public void A_guest_without_swap_is_killed_by_mainline_after_a_second_of_trying()
    {
        LabRun run = LabRun.Of(new LabCase("", "", "oom", [], []) { Ram = "16M", Swap = "0", Profile = "allocator=mainline" }, "c7");

        run.Result.Reason.ShouldBe(EndReason.OutOfMemory);
        run["kills_refused"].ShouldBeGreaterThanOrEqualTo(50UL, "a second of tries, each 20 ms");
        (run["allocator_waits"] - run["kills_refused"]).ShouldBeGreaterThan(0UL);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(40)]
    [Spec("K-062")]
    public void The_aa_tree_kills_after_a_number_of_passes_whatever_swap_is_free(int passes)
    {
        LabRun run = CopyRuns.Of("K-009", "c2", $"allocator=aa,aa-passes={passes}");

        run.Result.Statistics.Memory[MmCounter.OomKill].ShouldBeGreaterThan(0UL);
        run.Result.Shortage.ShouldNotBeNull().FreeSlots.ShouldBeGreaterThan(1000);
        LabRun more = CopyRuns.Of("K-009", "c2", $"allocator=aa,aa-passes={passes + 1}");
        more.Result.Statistics.Memory[MmCounter.AllocStall].ShouldBeGreaterThan(run.Result.Statistics.Memory[MmCounter.AllocStall], "a pass more each time");
    }

    private static List<ulong> Kills(MainlineKiller killer, ulong from, ulong each, int times)
    {
        List<ulong> kills = [];
        for (int i = 0; i < times; i++)
        {
            ulong now = from + ((ulong)i * each);
            if (killer.IsTime(now))
            {
                killer.NoteKill(now);
                kills.Add(now);
            }
        }

        return kills;
    }
}
