using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.Debugger.View;

/// <summary>Whole frames, at the usual sizes.</summary>
public sealed class ViewGoldenTests
{
    [Fact]
    public void The_signal_of_a_purged_page()
    {
        using ViewScript view = new("vrange-recover");
        view.Type(":run to signal SIGBUS");
        view.Press("<Enter>", "U");

        Check("sigbus", view);
    }

    [Fact]
    public void A_step_inside_the_walk_that_leads_to_it()
    {
        using ViewScript view = new("vrange-recover");
        view.Type(":run to signal SIGBUS");
        view.Press("<Enter>");
        while (view.View.Scene.Walk!.Rungs is not [_, _, { IsCursor: true }, ..])
        {
            view.Press("U");
        }

        Check("walk-step", view);
    }

    [Fact]
    public void The_purge_that_it_comes_from()
    {
        using ViewScript view = new("vrange-recover");
        view.Type(":run to signal SIGBUS");
        view.Press("<Enter>", "m");

        Check("purge", view);
    }

    /// <summary>MADV_FREE has cleared D; a write sets it again, and the page survives.</summary>
    [Fact]
    public void The_processor_sets_a_bit_in_an_entry_and_unsets_it_backwards()
    {
        using ViewScript view = new("lazyfree-allocator");
        view.Run.Journey.RunTo([new EventGoal("mark", TraceMask.Of(TraceEventKind.EntryMarked))], Direction.Forward);
        view.Type(":where");
        view.Press("<Enter>");
        view.View.Scene.Walk!.Rungs[^1].Change.ShouldContain("D+");
        Check("bit-set", view);

        view.Press("U");
        view.View.Scene.Walk!.Rungs[^1].Change.ShouldBe("");
        Check("bit-unset", view);
    }

    [Fact]
    public void The_help()
    {
        using ViewScript view = new("vrange-recover");
        view.Press("?");

        Check("help", view);
    }

    private static void Check(string name, ViewScript view) => GoldenFile.Check(Path.Combine("view", $"{name}.txt"), view.ShownAtAllSizes());
}
