namespace MmuEmu.Debugger.Travel;

/// <summary>How much memory and time travelling may cost.</summary>
internal sealed record TimelineRules
{
    /// <summary>Instructions between two checkpoints in the beginning.</summary>
    public ulong Spacing { get; init; } = 4 << 20;

    /// <summary>Pages of RAM that checkpoints may hold, of 4 KiB.</summary>
    public int MostPages { get; init; } = 256 << 8;

    /// <summary>Nobody goes back: only the first moment is saved, and milestones keep their distance however long the run is.</summary>
    public bool OnlyForward { get; init; }

    /// <summary>Moments at which the run is compared with itself, or noted for that; null for none.</summary>
    public IMilestones? Milestones { get; init; }

    /// <summary>How many pieces before the one that is asked for are saved on the way, for the steps back that follow.</summary>
    public int Near { get; init; } = 6;
}
