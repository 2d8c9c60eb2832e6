using System.CommandLine;
using MmuEmu.Debugger;
using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Debugger.Travel;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Tests.Debugger.Monitor;

/// <summary>Moves that somebody does not want to wait for.</summary>
public sealed class InterruptedMoveTests
{
    [Theory]
    [InlineData("seek end")]
    [InlineData("seek 900000000000")]
    [InlineData("seek 900000000000.3")]
    [InlineData("c")]
    public async Task Whoever_does_not_want_to_wait_has_not_arrived(string line)
    {
        RunFlags flags = new();
        Command command = new("debug");
        flags.AddTo(command);
        GuestStreams streams = new(new BytesInput(default), new BytesOutput(), new BytesOutput());
        using TravelSession run = TravelTarget.Open(command.Parse(["collatz", "1000000000"]), flags, new TimelineRules(), streams, _ => { });
        using MonitorSession session = new(run.Journey, new WhyStyle(new SoftPteFormat(run.Plan.Options.Profile), Paint.None, run.Plan.Options.Pressure, run.Plan.Options.Cpu));
        session.Execute("seek 1000");
        Task<IReadOnlyList<string>> moving = Task.Run(() => session.Execute(line), TestContext.Current.CancellationToken);
        while (!moving.IsCompleted)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            run.Journey.Interrupt();
        }

        IReadOnlyList<string> said = await moving;

        said[0].ShouldBe("interrupted on the way");
        said[1].ShouldStartWith("T 1000 ");
    }
}
