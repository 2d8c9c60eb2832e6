using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Run;

/// <summary>Where an address space was copied from by fork, and what had been noted until then.</summary>
/// <param name="Parent">The space it was made from.</param>
/// <param name="Calls">Calls noted before.</param>
/// <param name="Pages">Changes of pages noted before.</param>
internal sealed record ForkPoint(int Parent, long Calls, long Pages);

/// <summary>Which address space came from which: what happened to a page before the fork is its copy's past too.</summary>
internal sealed class SpaceLineage : IWholeOfParts
{
    private readonly SharedMap<int, ForkPoint> _births = new();
    private readonly SharedMap<int, ForkPoint> _lastForks = new();

    /// <summary>A space was copied.</summary>
    public void Note(int child, ForkPoint point)
    {
        _births.Set(child, point);
        _lastForks.Set(point.Parent, point);
    }

    /// <summary>Where <paramref name="space"/> came from; null when it was not copied.</summary>
    public ForkPoint? BirthOf(int space) => _births.Count == 0 ? null : _births.Find(space);

    /// <summary>When <paramref name="space"/> was copied last; null when it never was.</summary>
    public ForkPoint? LastForkOf(int space) => _lastForks.Count == 0 ? null : _lastForks.Find(space);

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(_births);
        visitor.See(_lastForks);
    }
}
