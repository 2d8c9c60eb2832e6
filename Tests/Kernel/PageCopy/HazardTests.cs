using MmuEmu.Debugger.Lab;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.PageCopy;

/// <summary>What goes wrong with copies through windows, each hazard as a run of a guest under a forced schedule.</summary>
public sealed class HazardTests
{
    private const string EvictAfterTouch = "at copy#1 after_prefault: evict";

    [Fact]
    [Spec("K-001")]
    public void A_page_that_goes_after_the_touch_makes_an_atomic_copy_sleep_once()
    {
        LabRun run = CopyRuns.Of("K-001", "c1");

        (run["atomic_sleeps"], run["atomic_faults"], run["copies"]).ShouldBe((1UL, 1UL, 1UL));
        run.Line("page 0").ShouldBe("A*4096");
    }

    [Fact]
    [Spec("K-002")]
    public void While_it_sleeps_another_task_takes_its_slot_and_gets_its_bytes()
    {
        LabRun run = CopyRuns.Of("K-002", "c1");

        run["stolen"].ShouldBe(1UL);
        (run.Line("page 0"), run.Line("page 1")).ShouldBe(("a*4096", "A*4096"));
        run.Result.ExitCode.ShouldBe(1);
    }

    [Fact]
    [Spec("K-002")]
    public void With_faults_refused_nobody_gets_another_ones_bytes_and_the_copy_falls_short()
    {
        LabRun run = CopyRuns.Of("K-002", "c1", "kunmap=lazy,fault-rule=b", EvictAfterTouch);

        (run["stolen"], run["atomic_sleeps"], run["short_copies"]).ShouldBe((0UL, 0UL, 1UL));
        (run.Line("written"), run.Line("page 0"), run.Line("page 1")).ShouldBe(("EFAULT", "a*4096", "B*4096"));
    }

    [Fact]
    [Spec("K-002")]
    public void A_slot_that_the_other_task_has_closed_leads_nowhere()
    {
        LabRun run = CopyRuns.Of("K-002", "c1", "kunmap=clear", EvictAfterTouch);

        run["oopses"].ShouldBe(1UL);
        run.Result.Reason.ShouldBe(EndReason.Killed);
    }

    [Fact]
    [Spec("K-003")]
    public void The_fault_itself_takes_the_slot_when_they_share_it()
    {
        LabRun run = CopyRuns.Of("K-003", "c1");

        (run["stolen"], run["atomic_faults"]).ShouldBe((1UL, 1UL));
        run.Line("buffer").ShouldNotBe("b*4096");
        CopyRuns.Of("K-003", "c1", "slot=filemap,touch=read,kunmap=lazy").Line("buffer").ShouldBe("b*4096", "a slot of its own is nobody else's");
    }

    [Fact]
    [Spec("K-004")]
    public void A_buffer_that_is_mapped_anew_faults_in_an_atomic_state_though_nothing_was_evicted()
    {
        LabRun served = CopyRuns.Of("K-004", "c1");

        (served["atomic_faults"], served.Result.Statistics.Memory[MmCounter.PswpOut]).ShouldBe((1UL, 0UL));
        served.Line("page 0").ShouldBe("\\0*4096", "the new mapping's bytes");
        LabRun refused = CopyRuns.Of("K-004", "c1", "fault-rule=b");
        (refused["atomic_faults"], refused["short_copies"]).ShouldBe((0UL, 1UL));
        refused.Line("page 0").ShouldBe("a*4096");
    }

    [Theory]
    [InlineData("c0")]
    [InlineData("c1")]
    [InlineData("c6")]
    [InlineData("c7")]
    [Spec("K-005")]
    public void A_buffer_that_is_unmapped_is_EFAULT_and_leaves_nothing_held(string cure)
    {
        TraceRecorder trace = new(TraceKinds.Copy);
        using MiniKernel kernel = CopyRuns.Kernel("kmap-copy", "unmap", $"copy={cure}", "64", trace, "at copy#1 after_lock_page: hold until changing");

        RunResult result = kernel.Run();

        (result.Reason, result.ExitCode).ShouldBe((EndReason.Exited, 0));
        kernel.Memory.Windows!.Pool.Held.ShouldBe(0);
        kernel.System.Copies!.Locks.PagesLocked.ShouldBe(0);
        CopyRuns.Of("K-005", cure).Line("written").ShouldBe("EFAULT");
        CopyRuns.Of("K-005", cure).Line("page 0").ShouldBe("a*4096");
    }

    [Fact]
    [Spec("K-006")]
    public void The_counter_stops_reclaim_and_no_other_thread()
    {
        LabRun run = CopyRuns.Of("K-004", "c2");

        run["atomic_faults"].ShouldBe(1UL);
        run.Line("page 0").ShouldBe("\\0*4096");
    }

    [Fact]
    [Spec("K-007")]
    public void The_touch_of_the_proposal_misses_the_page_in_which_the_buffer_ends()
    {
        LabRun proposed = CopyRuns.Of("K-007", "c2");
        LabRun exact = CopyRuns.Of("K-007", "c2", "touch=exact");

        (proposed["atomic_faults"], exact["atomic_faults"]).ShouldBe((1UL, 0UL));
        (proposed.Line("written"), exact.Line("written")).ShouldBe(("4096", "4096"), "the byte that is touched behind the buffer harms nobody");
    }

    [Fact]
    [Spec("K-008")]
    public void A_task_that_stays_in_its_write_loses_no_page_and_others_lose_theirs()
    {
        LabRun counter = CopyRuns.Of("K-008", "c2");

        counter.Line("in swap").ShouldStartWith("0 pages of the task in its write, ");
        counter.Line("in swap").ShouldNotContain(", 0 of the other");
        CopyRuns.Of("K-008", "c1").Line("in swap").ShouldNotStartWith("0 pages");
    }

    [Fact]
    [Spec("K-009", "K-063")]
    public void When_all_tasks_keep_their_pages_a_task_is_killed_with_swap_free_and_the_others_finish()
    {
        LabRun run = CopyRuns.Of("K-009", "c2");

        run.Result.Statistics.Memory[MmCounter.OomKill].ShouldBe(4UL);
        run.Result.Shortage.ShouldNotBeNull().FreeSlots.ShouldBeGreaterThan(1000);
        run.Line("finished").ShouldBe("20 of 24", "what a victim leaves is what the others need");
    }

    [Fact]
    [Spec("K-010", "K-060", "K-064")]
    public void Mainline_kills_nobody_while_swap_is_free_and_stands_still_in_its_allocator()
    {
        LabRun run = CopyRuns.Of("K-010", "c2");

        (run.Result.Reason, run.Result.ExitCode).ShouldBe((EndReason.Deadlock, 123));
        run.Result.Statistics.Memory[MmCounter.OomKill].ShouldBe(0UL);
        (run["kills_refused"] > 0, run["allocator_waits"]).ShouldBe((true, run["kills_refused"]));
        run.Result.Waiters.Count(waiter => waiter.Kind == WaitKind.Frame).ShouldBe(24, "all of them are in the allocator, and none got ENOMEM");
        run.Notices.ShouldHaveSingleItem().ShouldStartWith("silent deadlock");
    }

    [Theory]
    [InlineData("K-009")]
    [InlineData("K-010")]
    [Spec("K-011")]
    public void The_same_load_without_the_counter_completes_by_way_of_swap(string row)
    {
        LabRun run = CopyRuns.Of(row, "c1");

        run.Line("finished").ShouldBe("24 of 24");
        run.Result.Statistics.Memory[MmCounter.OomKill].ShouldBe(0UL);
        (run.Result.Statistics.Memory[MmCounter.PswpOut] > 0, run.Result.Statistics.Memory[MmCounter.PswpIn] > 0).ShouldBe((true, true));
    }

    [Fact]
    [Spec("K-018")]
    public void Senders_at_a_full_pipe_hold_every_window_and_everybody_else_waits()
    {
        LabRun run = CopyRuns.Scenario("kmap-copy", "send 1024", "c0", "kmap-pool=1024");

        run.Result.Reason.ShouldBe(EndReason.Deadlock);
        run.Result.Waiters.Count(waiter => waiter.Kind == WaitKind.Writable).ShouldBe(1024);
        run.Result.Waiters.Count(waiter => waiter.Kind == WaitKind.Window).ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [Spec("K-019")]
    public void The_pool_costs_one_flush_of_all_processors_each_time_round(int cpus)
    {
        LabRun sleeping = CopyRuns.OnCpus(cpus, "churn 3072", "c0", "kmap-pool=1024");
        LabRun atomic = CopyRuns.OnCpus(cpus, "churn 3072", "c7", "kmap-pool=1024");

        (sleeping["kmap_high"], sleeping["kmap_flush"], sleeping["flush_ipi"]).ShouldBe((3072UL, 3UL, 3UL * (ulong)(cpus - 1)));
        (atomic["kmap_flush"], atomic["flush_ipi"]).ShouldBe((0UL, 0UL));
        atomic["invlpg"].ShouldBe(atomic["kmap_atomic"], "one each");
    }

    [Fact]
    [Spec("K-020")]
    public void A_copy_that_zeroes_what_it_has_not_copied_shows_zeros_that_nobody_wrote()
    {
        LabRun run = CopyRuns.Of("K-020", "c7");

        run.Line("in between").ShouldBe("A*1024 \\0*3072");
        run.Line("afterwards").ShouldBe("A*2048 B*2048");
    }

    [Fact]
    [Spec("K-021")]
    public void A_short_copy_that_is_committed_whole_makes_what_a_frame_held_before_part_of_the_file()
    {
        LabRun run = CopyRuns.Of("K-021", "c7");

        run.Line("page 0").ShouldStartWith("A*1024 ");
        run.Line("page 0").ShouldNotBe("A*2048 B*2048");
        CopyRuns.Of("K-021", "c7", "commit=copied").Line("page 0").ShouldBe("A*2048 B*2048");
    }
}
