using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Locks;

namespace MmuEmu.Tests.Kernel.Locks;

/// <summary>Who gets mmap_sem, and whom others wait for.</summary>
public sealed class MmapSemTests
{
    private const int One = 1;
    private const int Two = 2;
    private const int Three = 3;

    [Fact]
    public void A_queued_writer_goes_before_later_readers()
    {
        MmapSem sem = new(RwsemKind.Fair);
        sem.TryEnter(One, isWrite: false).ShouldBeTrue();
        sem.TryEnter(Two, isWrite: true).ShouldBeFalse();
        sem.TryEnter(Three, isWrite: false).ShouldBeFalse();
        sem.Blockers(Two, isWrite: true).ShouldBe([One]);
        sem.Blockers(Three, isWrite: false).ShouldBe([Two]);

        sem.Leave(One, isWrite: false);

        (sem.CanEnter(Three, isWrite: false), sem.TryEnter(Two, isWrite: true)).ShouldBe((false, true));
        sem.CanEnter(Three, isWrite: false).ShouldBeFalse();
        sem.Leave(Two, isWrite: true);
        sem.TryEnter(Three, isWrite: false).ShouldBeTrue();
        sem.Leave(Three, isWrite: false);
        sem.IsIdle.ShouldBeTrue();
    }

    [Theory]
    [InlineData(RwsemKind.Fair, false)]
    [InlineData(RwsemKind.Recursive, true)]
    internal void A_holder_passes_a_queued_writer_only_when_it_is_recursive(RwsemKind kind, bool passes)
    {
        MmapSem sem = new(kind);
        _ = sem.TryEnter(One, isWrite: false);
        _ = sem.TryEnter(Two, isWrite: true);

        sem.TryEnter(One, isWrite: false).ShouldBe(passes);
        sem.CanEnter(Three, isWrite: false).ShouldBeFalse("nobody else does");
    }

    [Fact]
    public void A_thread_that_is_gone_holds_nothing_and_waits_for_nothing()
    {
        MmapSem sem = new(RwsemKind.Fair);
        _ = sem.TryEnter(One, isWrite: false);
        _ = sem.TryEnter(Two, isWrite: true);

        sem.Forget(One);
        sem.CanEnter(Two, isWrite: true).ShouldBeTrue();
        sem.Forget(Two);
        sem.IsIdle.ShouldBeTrue();
    }
}
