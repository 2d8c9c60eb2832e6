using MmuEmu.Emulator.Tracing;

namespace MmuEmu.Debugger.Exports;

/// <summary>The tracks of a timeline, on each of which time never goes back: clocks of two processors may differ, and a thread may change its own.</summary>
/// <param name="writer">Where items go.</param>
/// <param name="window">Which time they have.</param>
internal sealed class TimelineTracks(ITimelineWriter writer, ExportWindow window)
{
    private readonly Dictionary<Track, ulong> _last = [];

    /// <summary>Where items go.</summary>
    public ITimelineWriter Writer => writer;

    /// <summary>The latest time of any track.</summary>
    public ulong Latest { get; private set; }

    /// <summary>The time of an event.</summary>
    public ulong At(in TraceStamp stamp) => window.At(stamp);

    /// <summary>Adds an item.</summary>
    public void Add(in TimelineItem item)
    {
        ulong at = Math.Max(item.At, _last.GetValueOrDefault(item.Track));
        _last[item.Track] = at;
        Latest = Math.Max(Latest, at);
        writer.Add(item with { At = at });
    }
}
