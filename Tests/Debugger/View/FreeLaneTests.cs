using MmuEmu.Debugger.Travel;
using MmuEmu.Debugger.View;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Tests.Debugger.View;

/// <summary>Free memory along the line of time.</summary>
public sealed class FreeLaneTests
{
    [Fact]
    public void Its_levels_are_those_of_the_kernel()
    {
        using ViewScript view = new("--ram 8M --swap 16M swap-through");
        Journey journey = view.Run.Journey;
        journey.Edge(Direction.Forward);

        IReadOnlyList<FreeLevel> levels = FreeLane.Of(journey.Course);

        levels.Select(level => level.Tenths).Distinct().Count().ShouldBeGreaterThan(1);
        MemoryView end = journey.Look(kernel => new KernelView(kernel).Memory());
        ((ulong)levels[^1].Tenths).ShouldBe(Math.Min(end.FreeFrames * 10 / end.ManagedFrames, 9));
        view.Shown(120, 40).ShouldMatch("free +9[0-9]*[0-8]");
    }

    [Fact]
    public void Where_memory_does_not_get_short_there_is_nothing_to_see()
    {
        using ViewScript view = new("hello");
        view.Run.Journey.Edge(Direction.Forward);

        FreeLane.Of(view.Run.Journey.Course).ShouldBeEmpty();
    }

    [Fact]
    public void A_column_has_the_least_that_was_free_in_it()
    {
        FreeLevel[] levels = [new(0, 9), new(10, 7), new(11, 3), new(12, 5), new(39, 4)];

        new string(FreeLane.Drawn(levels, 4, time => (int)(time / 10))).ShouldBe("9344");
    }
}
