using MmuEmu.Debugger.Travel;

namespace MmuEmu.Debugger.Monitor;

/// <summary>What is shown when a move is over: why it ended, unless it is where it was to go, and where that is.</summary>
internal static class ArrivalText
{
    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(MonitorContext context, Stop stop)
    {
        string why = stop.Reason switch
        {
            StopReason.Arrived => "",
            StopReason.Met => MetText(stop),
            StopReason.Begin => "the run begins here: there is nothing before",
            StopReason.End => "the run ends here: go back with rc, or seek begin",
            StopReason.Interrupted => "interrupted on the way",
        };
        return why.Length == 0 ? new PositionText(context).Lines() : new PositionText(context).Lines().Prepend(why);
    }

    private static string MetText(Stop stop) => stop.Met is { } met ? $"met: {met.Name}" : "";
}
