namespace MmuEmu.Debugger.Travel;

/// <summary>Why a move ended.</summary>
internal enum StopReason
{
    /// <summary>It is where it was to go.</summary>
    Arrived,

    /// <summary>It met what it was looking for.</summary>
    Met,

    /// <summary>The run begins here.</summary>
    Begin,

    /// <summary>The run is over.</summary>
    End,

    /// <summary>The user did not want to wait any longer.</summary>
    Interrupted,
}

/// <summary>Where a move ended.</summary>
/// <param name="Where">The position.</param>
/// <param name="Reason">Why.</param>
/// <param name="Met">What was met, if it was looked for.</param>
internal sealed record Stop(Position Where, StopReason Reason, Goal? Met = null);
