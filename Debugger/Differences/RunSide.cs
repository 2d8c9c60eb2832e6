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

    /// <summary>A number for each T, from a moment before <paramref name="time"/> on, to the end of the run.</summary>
    /// <param name="time">T.</param>
    /// <param name="isUnwanted">True when nobody waits for more.</param>
    public IEnumerable<(ulong Time, ulong Digest)> Steps(ulong time, Func<bool> isUnwanted)
    {
        Timeline line = Journey.Course.Newest;
        StepDigest digest = new(Session.Kernel, Session.Tape.Tapes.Input);
        Watcher watcher = new(Happenings.Kinds, digest.Take, digest) { Begin = digest.Begin };
        for (int piece = line.Segments.Count == 0 ? 0 : line.Find(time); !isUnwanted(); piece++)
        {
            bool isOver = piece >= line.Segments.Count && line.End is not null;
            if (piece < line.Segments.Count)
            {
                line.Replay(piece, watcher);
            }
            else if (!isOver)
            {
                line.Extend(watcher);
            }

            // What happens at the T of a piece's end may go on in the next one.
            int whole = isOver ? digest.Steps.Count : digest.Steps.Count - 1;
            for (int i = 0; i < whole; i++)
            {
                yield return digest.Steps[i];
            }

            if (isOver)
            {
                yield break;
            }

            digest.KeepLast();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Session.Dispose();
}
