namespace MmuEmu.Debugger.Travel;

/// <summary>How much memory and time travelling may cost.</summary>
internal sealed record TimelineRules
{
    /// <summary>Instructions between two checkpoints in the beginning.</summary>
    public ulong Spacing { get; init; } = 4 << 20;

    /// <summary>Bytes that checkpoints may hold: pages of RAM, and what is saved of the machine's and the kernel's objects.</summary>
    public long MostBytes { get; init; } = 256L << 20;

    /// <summary>Nobody goes back: only the first moment is saved, and milestones keep their distance however long the run is.</summary>
    public bool OnlyForward { get; init; }

    /// <summary>Moments at which the run is compared with itself, or noted for that; null for none.</summary>
    public IMilestones? Milestones { get; init; }

    /// <summary>T at which the host ends the run, as it did with the one that this one repeats; null for nowhere.</summary>
    public ulong? CutAt { get; init; }

    /// <summary>How many pieces before the one that is asked for are saved on the way, for the steps back that follow.</summary>
    public int Near { get; init; } = 6;
}
