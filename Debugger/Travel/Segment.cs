using MmuEmu.Emulator.Tracing;

namespace MmuEmu.Debugger.Travel;

/// <summary>A piece of a run between two moments, with what is known of it without running it again.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends, and the next one begins.</param>
/// <param name="Kinds">Kinds of events that happened in it; of kinds outside <see cref="SegmentNotes.Indexed"/> nothing is known.</param>
/// <param name="Keys">Entries, frames and pages that changed in it.</param>
/// <param name="Landmarks">What is shown on a line of time, in its order; of very many only some.</param>
/// <param name="FramesTaken">Frames taken less frames freed.</param>
internal sealed record Segment(Moment Start, Moment End, TraceMask Kinds, KeyFilter Keys, IReadOnlyList<Landmark> Landmarks, long FramesTaken)
{
    /// <summary>True when one of <paramref name="kinds"/> may have happened.</summary>
    public bool MayHold(TraceMask kinds) => kinds.Meets(new TraceMask(Kinds.Bits | ~SegmentNotes.Known.Bits));

    /// <summary>True when the same was noted of <paramref name="other"/>.</summary>
    public bool IsSame(Segment other) =>
        (Start, End, Kinds, FramesTaken) == (other.Start, other.End, other.Kinds, other.FramesTaken)
        && Landmarks.SequenceEqual(other.Landmarks) && Keys.Words.SequenceEqual(other.Keys.Words);

    /// <summary>True when something of it may have happened at <paramref name="time"/>.</summary>
    public bool Reaches(ulong time) => Start.Time <= time && time <= End.Time;
}

/// <summary>The lanes of a line of time.</summary>
internal enum Lane : byte
{
    /// <summary>A page fault that was handled.</summary>
    Fault,

    /// <summary>A page fault that ended in a signal.</summary>
    BadFault,

    /// <summary>A signal was delivered.</summary>
    Signal,

    /// <summary>A system call.</summary>
    Syscall,

    /// <summary>Memory was taken back: purged, swapped out, or freed lazily.</summary>
    Reclaim,

    /// <summary>A pressure rule fired.</summary>
    Rule,

    /// <summary>The guest set a mark.</summary>
    Mark,

    /// <summary>A process or thread began or ended.</summary>
    Task,
}

/// <summary>Something to show on a line of time.</summary>
/// <param name="Time">T.</param>
/// <param name="Lane">Where.</param>
internal readonly record struct Landmark(ulong Time, Lane Lane);
