using MmuEmu.Debugger;
using MmuEmu.Debugger.Lab;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.PageCopy;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.PageCopy;

/// <summary>What each cure keeps right, and what not.</summary>
public sealed class CureTests
{
    private static readonly string[] Races = ["K-001", "K-002", "K-003", "K-004", "K-005"];
    private static readonly string[] Locks = ["K-015", "K-016", "K-017"];

    [Fact]
    [Spec("K-030")]
    public void C0_sleeps_where_it_may_and_pays_with_flushes()
    {
        Failing("c0", Races).ShouldBeEmpty();
        Failing("c0", Locks).ShouldBe(Locks);
        CopyRuns.Of("K-019", "c0")["kmap_flush"].ShouldBe(64UL);
    }

    [Fact]
    [Spec("K-031")]
    public void C1_fails_in_every_race() => Failing("c1", Races).ShouldBe(Races);

    [Fact]
    [Spec("K-032")]
    public void C2_stops_reclaim_and_nothing_else()
    {
        Failing("c2", "K-001", "K-002").ShouldBeEmpty();
        CopyRuns.Of("K-001", "c2")["dont_unmap_kept"].ShouldBe(1UL);
        Failing("c2", "K-004", "K-008", "K-009", "K-010").ShouldBe(["K-004", "K-008", "K-009", "K-010"]);
    }

    [Fact]
    [Spec("K-033")]
    public void C2b_needs_no_page_while_the_counter_is_up_and_leaves_the_race_open()
    {
        Failing("c2b", "K-009", "K-010").ShouldBeEmpty();
        CopyRuns.Of("K-001", "c2b")["prefaults"].ShouldBe(2UL);
        Failing("c2b", "K-004").ShouldBe(["K-004"]);
    }

    [Fact]
    [Spec("K-034")]
    public void C3_keeps_other_threads_out_for_the_whole_write_and_needs_a_semaphore_that_can_be_taken_again()
    {
        LabRun run = CopyRuns.Of("K-004", "c3");
        run.IsSafe.ShouldBeTrue();
        run.Line("page 0").ShouldBe("A*4096", "munmap waits until the write is over");
        (CopyRuns.Of("K-013", "c3").IsSafe, CopyRuns.Of("K-013", "c3", "rwsem=recursive").IsSafe).ShouldBe((false, true));
        Failing("c3", "K-001").ShouldBe(["K-001"], "it keeps no page from reclaim");
    }

    [Fact]
    [Spec("K-035", "K-047")]
    public void C4_writes_what_was_mapped_when_it_pinned_and_pins_two_pages_at_most()
    {
        Failing("c4", [.. Races, "K-009", "K-010", .. Locks]).ShouldBeEmpty();
        CopyRuns.Of("K-004", "c4").Line("page 0").ShouldBe("A*4096", "the old content");
        CopyRuns.Of("K-020", "c4")["most_pinned"].ShouldBe(2UL, "the buffer lies in two pages");
        LabTable.Cases.ShouldAllBe(one => CopyRuns.Of(one.Row, "c4")["most_pinned"] <= 2);
    }

    [Fact]
    [Spec("K-036")]
    public void C4_pays_for_each_page_and_the_copy_of_the_page_costs_more()
    {
        (ulong pinned, ulong anew) = (CyclesOf("c4"), CyclesOf("c7"));

        ulong more = (pinned - anew) / 200;
        more.ShouldBeInRange(20UL, 400UL, "cycles for each page: a walk, a lock and a count");
    }

    [Fact]
    [Spec("K-037")]
    public void A_pinned_page_may_lose_its_entry_and_keeps_its_frame_until_it_is_let_go()
    {
        TraceRecorder trace = new(TraceKinds.Copy | TraceKinds.Reclaim);
        using MiniKernel kernel = CopyRuns.Kernel("kmap-copy", "evict", "copy=c4", "64", trace,
            "at copy#1 after_pin: evict", "at syscall pwrite64#1 return: age", "at syscall pwrite64#1 return: reclaim 4000 frames");

        kernel.Run().ExitCode.ShouldBe(0);

        TraceEvent kept = trace.Events.First(happened => happened.Kind == KernelEvent.KeptPinned);
        int pinnedAt = trace.Events.FindIndex(happened => happened.Kind == KernelEvent.KeptPinned);
        int copiedAt = trace.Events.FindIndex(happened => happened is { Kind: KernelEvent.CopyPassed, Argument: (ulong)CopyPoint.BeforeCommit });
        int freedAt = trace.Events.FindIndex(pinnedAt, happened => happened.Kind == KernelEvent.FrameFreed && happened.Frame == kept.Frame);
        (pinnedAt < copiedAt, copiedAt < freedAt).ShouldBe((true, true), "unmapped while it is pinned, freed after it is let go");
    }

    [Fact]
    [Spec("K-038")]
    public void C5_ends_right_though_its_slot_or_its_processor_has_changed()
    {
        LabRun once = CopyRuns.Of("K-001", "c5");
        (once["fix_ups"], once["atomic_sleeps"], once.IsSafe).ShouldBe((1UL, 0UL, true));
        CopyRuns.Of("K-002", "c5").IsSafe.ShouldBeTrue("another task has used the slot meanwhile");

        LabRun moved = CopyRuns.OnCpus(2, "move", "c5", "", "at copy#1 after_prefault: evict", "at copy#1 before_fault_sleep: hold until moved");
        (moved.Output.Contains("on processor 1", StringComparison.Ordinal), moved["fix_ups"], moved.IsSafe).ShouldBe((true, 1UL, true), moved.Output);
    }

    [Fact]
    [Spec("K-039")]
    public void C5_is_not_built_with_code_that_hides_the_address_and_would_be_wrong()
    {
        Should.Throw<CommandException>(() => ProfileText.Parse("copy=c5,copy-code=mmx")).Message.ShouldContain("copy-code=plain");

        CopyProfile hidden = ProfileText.Parse("copy=c5").Copy with { KeepsAddress = true };
        hidden.IsBuildable.ShouldBeFalse();
        KernelOptions options = new()
        {
            Program = GuestChoice.Shipping("kmap-copy")!.File,
            HostRoot = null,
            ProgramPath = "/guests/kmap-copy",
            Arguments = ["kmap-copy", "move"],
            Cpus = 2,
            SwapBytes = 16 << 20,
            Profile = KernelProfile.Default with { Copy = hidden },
            Pressure = [Rule("at copy#1 after_prefault: evict"), Rule("at copy#1 before_fault_sleep: hold until moved")],
            Output = new MmuEmu.Kernel.Files.BytesOutput(),
        };
        GuestRun run = GuestRun.Of(options);
        (run.Result.Reason, run.Result.Statistics.CopyCounts.First(one => one.Name == "oopses").Count).ShouldBe((EndReason.Killed, 1UL));
    }

    [Fact]
    [Spec("K-040")]
    public void C6_goes_the_slow_way_after_a_refused_fault_and_keeps_its_page_lock()
    {
        Failing("c6", Races).ShouldBeEmpty();
        Failing("c6", Locks).ShouldBe(Locks);
        LabRun run = CopyRuns.Of("K-001", "c6");
        (run["short_copies"], run["slow_copies"], run["atomic_sleeps"]).ShouldBe((1UL, 1UL, 0UL));
    }

    [Fact]
    [Spec("K-041")]
    public void C7_passes_all()
    {
        IEnumerable<string> failing =
            from one in LabTable.Cases
            let profile = one.Row is "K-009" or "K-010" or "K-018" or "K-019" ? one.Profile : ""
            where !CopyRuns.Of(one.Row, "c7", profile).IsSafe
            select one.Row;

        failing.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(2500)]
    [Spec("K-042")]
    public void C7_touches_once_more_for_each_eviction_and_sleeps_without_a_lock(int times)
    {
        string[] rules = [.. Enumerable.Range(1, times).Select(time => $"at copy#1 after_prefault#{time}: evict")];
        LabRun run = CopyRuns.Of("K-001", "c7", "", rules);
        (run.IsSafe, run["prefaults"], run["atomic_sleeps"]).ShouldBe((true, (ulong)times + 1, 0UL));

        using MiniKernel kernel = CopyRuns.Kernel("kmap-copy", "evict", "copy=c7", "64", null, [.. rules, "at copy#1 before_fault_sleep: hold until never"]);
        kernel.Run().Waiters.ShouldHaveSingleItem().Kind.ShouldBe(WaitKind.Mark);
        kernel.System.Copies!.Locks.PagesLocked.ShouldBe(0);
    }

    [Fact]
    [Spec("K-043")]
    public void C7_never_returns_against_an_adversary_holds_nothing_and_can_be_killed()
    {
        LabRun forever = CopyRuns.Of("K-001", "c7", "", "at copy#1 after_prefault: evict");
        forever.Result.Waiters.ShouldHaveSingleItem().Kind.ShouldBe(WaitKind.VainCopy);

        LabRun killed = CopyRuns.Scenario("kmap-copy", "kill", "c7", "", "at copy#1 after_prefault: evict");
        (killed.IsSafe, killed.Line("page 0")).ShouldBe((true, "a*4096"), killed.Output);
        killed.Output.ShouldContain("the writer ends with 137");
    }

    [Fact]
    [Spec("K-044")]
    public void C7_commits_nothing_of_a_page_that_is_not_up_to_date_until_it_is_whole()
    {
        LabRun run = CopyRuns.Of("K-021", "c7", "");

        (run.Line("page 0"), run["short_copies"] > 0).ShouldBe(("A*2048 B*2048", true));
    }

    [Fact]
    [Spec("K-045")]
    public void C7_leaves_the_bytes_that_it_has_not_copied_as_they_were()
    {
        LabRun run = CopyRuns.Of("K-020", "c7", "");

        run.Line("in between").ShouldBe("A*1024 a*3072");
    }

    [Fact]
    [Spec("K-046")]
    public void C7_leaves_it_to_the_next_touch_to_say_EFAULT()
    {
        LabRun run = CopyRuns.Of("K-005", "c7", "", "at copy#1 after_prefault#1: evict", "at copy#1 before_commit#1: hold until changing");

        (run.Line("written"), run["prefaults"], run["short_copies"]).ShouldBe(("EFAULT", 2UL, 1UL));
    }

    [Fact]
    [Spec("K-047")]
    public void C7_keeps_no_user_page_from_reclaim()
    {
        LabTable.Cases.ShouldAllBe(one => CopyRuns.Of(one.Row, "c7")["pinned"] == 0 && CopyRuns.Of(one.Row, "c7")["dont_unmap_kept"] == 0);
        CopyRuns.Of("K-008", "c2")["dont_unmap_kept"].ShouldBeGreaterThan(190UL, "all pages of the space");
    }

    private static string[] Failing(string cure, params string[] rows) => [.. rows.Where(row => !CopyRuns.Of(row, cure).IsSafe)];

    private static PressureRule Rule(string text) => PressureRuleParser.TryParse(text, out PressureRule rule, out _) ? rule : throw new FormatException(text);

    private static ulong CyclesOf(string cure)
    {
        GuestChoice guest = GuestChoice.Shipping("kmap-copy")!;
        KernelOptions options = new()
        {
            Program = guest.File,
            ProgramPath = guest.GuestPath,
            HostRoot = null,
            Arguments = ["kmap-copy", "churn", "200"],
            Profile = ProfileText.Parse($"copy={cure}"),
            Timing = TimingMode.On,
            Output = new MmuEmu.Kernel.Files.BytesOutput(),
        };
        return GuestRun.Of(options).Result.Statistics.Timing!.Now.Count;
    }
}
