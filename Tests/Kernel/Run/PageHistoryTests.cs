using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>A page's past, across forks.</summary>
public sealed class PageHistoryTests
{
    private readonly SpaceLineage _lineage = new();
    private readonly PageHistory _pages;

    public PageHistoryTests() => _pages = new PageHistory(_lineage);

    [Fact]
    public void A_copy_has_the_past_of_its_parent_up_to_the_fork()
    {
        // Given a page that was purged, then forked, then purged again in the parent
        Purge(1, 10);
        Fork(child: 2, parent: 1);
        Purge(1, 20);
        Fork(child: 3, parent: 2);

        // Then each space knows what happened in it, or before it was made
        Found(1).ShouldBe(20UL);
        Found(2).ShouldBe(10UL);
        Found(3).ShouldBe(10UL);
        Found(4).ShouldBeNull();
    }

    [Fact]
    public void What_happens_in_the_copy_is_its_own()
    {
        Purge(1, 10);
        Fork(child: 2, parent: 1);
        Purge(2, 30);

        Found(2).ShouldBe(30UL);
        Found(1).ShouldBe(10UL);
    }

    [Fact]
    public void What_happened_after_the_fork_alone_is_nothing_to_the_copy()
    {
        Fork(child: 2, parent: 1);
        Purge(1, 10);

        Found(2).ShouldBeNull();
    }

    private void Purge(int space, ulong time) => _pages.Note(space, 5, new PageNote(time, PageChange.Purged, new Pfn(1)));

    private void Fork(int child, int parent) => _lineage.Note(child, new ForkPoint(parent, 0, _pages.Noted));

    private ulong? Found(int space) => _pages.Find(space, 5)?.Time;
}
