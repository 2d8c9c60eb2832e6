using System.Globalization;

namespace MmuEmu.Debugger.Recordings;

/// <summary>What was read of a recording so far.</summary>
internal sealed class RecordingParts
{
    private int _items;

    /// <summary>What runs and how; null before its chunk.</summary>
    public RecordedRun? Run { get; set; }

    /// <summary>Answers of the streams.</summary>
    public TapeNotes Notes { get; } = new();

    /// <summary>Answers of the disk.</summary>
    public List<DiskAnswer> Disk { get; } = [];

    /// <summary>Bytes of files, by their SHA-256.</summary>
    public Dictionary<string, byte[]> Contents { get; } = [];

    /// <summary>Signals of the terminal.</summary>
    public SignalTape Signals { get; } = new();

    /// <summary>Checkpoints.</summary>
    public List<RecordedMoment> Checkpoints { get; } = [];

    /// <summary>Summaries of segments.</summary>
    public List<SegmentSummary> Segments { get; } = [];

    /// <summary>How the run ended; null before its chunk.</summary>
    public RecordedEnd? End { get; set; }

    /// <summary>Counts items that are about to be read.</summary>
    /// <exception cref="BadChunkException">No recording has so many.</exception>
    public void CountItems(int count)
    {
        _items += count;
        if (_items > RecordingFormat.MostItems)
        {
            throw new BadChunkException($"at most {RecordingFormat.MostItems.ToString(CultureInfo.InvariantCulture)} items in all", "more");
        }
    }
}
