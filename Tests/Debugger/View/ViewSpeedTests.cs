namespace MmuEmu.Tests.Debugger.View;

/// <summary>What a key costs, in time of the processor: the machine may be busy with other tests.</summary>
public sealed class ViewSpeedTests(ITestOutputHelper output)
{
    private const int Keys = 40;

    /// <summary>The aim is 20 ms for a micro-step and 50 ms for a frame; here the bound is for hosts that do much else at once.</summary>
    [Theory]
    [InlineData("U")]
    [InlineData("u")]
    [InlineData("s")]
    [InlineData("S")]
    [InlineData("<Tab>")]
    public void A_key_is_answered_soon(string key)
    {
        using ViewScript view = new("vrange-recover");
        view.Type(":run to signal SIGBUS");
        view.Press("<Enter>", "F", "U");
        _ = view.View.Page(200, 50).Draw(200, 50, MmuEmu.Debugger.Screens.BorderGlyphs.Lines);

        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < Keys; i++)
        {
            view.Press(key);
            _ = view.View.Page(120, 40).Draw(120, 40, MmuEmu.Debugger.Screens.BorderGlyphs.Lines);
        }

        double each = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / Keys;
        output.WriteLine($"{key}: {each:f1} ms of processor time");
        each.ShouldBeLessThan(1000);
    }
}
