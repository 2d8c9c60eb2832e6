namespace MmuEmu.Debugger.Exports;

/// <summary>What tracks are called.</summary>
internal static class TrackNames
{
    /// <summary>What stands above the machine's own tracks.</summary>
    public const string Machine = "machine";

    /// <summary>The name of a track.</summary>
    public static string Of(Track track) => track.Kind switch
    {
        TrackKind.Thread => $"thread {track.Tid}",
        TrackKind.Memory => "kernel mm",
        TrackKind.Walker => "walker",
        TrackKind.Reclaim => "reclaim",
        TrackKind.Signals => "signals",
        TrackKind.Counter => track.Name,
    };
}
