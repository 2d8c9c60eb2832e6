using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Travel;

namespace MmuEmu.Debugger.Differences;

/// <summary>One of the two runs.</summary>
/// <param name="Name">What it is called in the answer.</param>
/// <param name="Word">As it was typed.</param>
/// <param name="Session">The run.</param>
/// <param name="Recording">The recording that it is played from; null for a guest.</param>
internal sealed record RunSide(string Name, string Word, TravelSession Session, Recording? Recording) : IDisposable
{
    /// <summary>Moments that the recording has a number for, earliest first; none for a guest.</summary>
    public IReadOnlyList<RecordedMoment> Moments => Recording?.Checkpoints ?? [];

    /// <summary>The ways through it.</summary>
    public Journey Journey => Session.Journey;

    /// <summary>T of its end, for which it is explored.</summary>
    public ulong ExploreToEnd()
    {
        Journey.Seek(ulong.MaxValue);
        return Journey.Explored;
    }

    /// <inheritdoc/>
    public void Dispose() => Session.Dispose();
}
