using MmuEmu.Debugger.Lab;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.PageCopy;

/// <summary>Copies that wait for locks in a circle.</summary>
public sealed class LockHazardTests
{
    [Fact]
    [Spec("K-013")]
    public void A_writer_that_queues_between_two_takings_of_mmap_sem_closes_a_circle()
    {
        LabRun run = CopyRuns.Of("K-013", "c3");

        run["lock_cycles"].ShouldBe(1UL);
        run.Result.Waiters.Select(waiter => waiter.Kind).ShouldBe([WaitKind.MmapSem, WaitKind.MmapSem]);
        run.Result.Waiters.Select(waiter => waiter.Other!.Value.Id).ShouldBe([1001, 1000]);
        run.Notices.ShouldHaveSingleItem().ShouldStartWith("deadlock: kmap-locks (1000), which waits for kmap-locks (1001)");
    }

    [Fact]
    [Spec("K-014")]
    public void Without_a_writer_or_with_a_semaphore_that_can_be_taken_again_it_completes()
    {
        CopyRuns.Of("K-014", "c3").IsSafe.ShouldBeTrue();
        CopyRuns.Of("K-013", "c3", "rwsem=recursive").IsSafe.ShouldBeTrue();
    }

    [Theory]
    [InlineData("c0")]
    [InlineData("c1")]
    [Spec("K-015")]
    public void A_page_that_is_written_from_itself_waits_for_its_own_lock(string cure)
    {
        LabRun run = CopyRuns.Of("K-015", cure);

        (run["lock_cycles"], run.Result.Reason).ShouldBe((1UL, EndReason.Deadlock));
        Waiter waiter = run.Result.Waiters.First(waiter => waiter.Kind == WaitKind.PageLock);
        waiter.Other.ShouldBe(waiter.Thread);
    }

    [Fact]
    [Spec("K-016")]
    public void Two_pages_that_are_written_from_one_another_wait_for_one_another()
    {
        LabRun run = CopyRuns.Of("K-016", "c0");

        run["lock_cycles"].ShouldBe(1UL);
        Waiter[] waiters = [.. run.Result.Waiters.Where(waiter => waiter.Kind == WaitKind.PageLock)];
        waiters.Length.ShouldBe(2);
        (waiters[0].Other, waiters[1].Other).ShouldBe((waiters[1].Thread, waiters[0].Thread));
    }

    [Fact]
    [Spec("K-017")]
    public void A_page_lock_and_mmap_sem_are_waited_for_crosswise()
    {
        LabRun run = CopyRuns.Of("K-017", "c0");

        run["lock_cycles"].ShouldBe(1UL);
        run.Result.Waiters.Select(waiter => waiter.Kind).ShouldBe([WaitKind.MmapSem, WaitKind.PageLock], ignoreOrder: true);
    }
}
