using MmuEmu.Debugger.Recordings;
using MmuEmu.Emulator.Tracing;

namespace MmuEmu.Debugger.Travel;

/// <summary>Pieces of a run as bytes of a recording.</summary>
/// <remarks>
/// <code>
///  start T, start step, end T, end step     8 + 4 + 8 + 4 bytes
///  kinds of events                          8
///  frames taken                             8
///  landmarks: count, then T and lane each   4 + (8 + 1) n
///  filter: count of words, then they        4 + 8 n
/// </code>
/// All little-endian.
/// </remarks>
internal static class SegmentCoding
{
    /// <summary>The version of the layout, and of what is noted of a piece: pieces of one version can be compared.</summary>
    public const uint Version = 1;

    private const int MostLandmarks = 1 << 16;

    /// <summary>The bytes of a piece.</summary>
    public static SegmentSummary Write(Segment piece)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write(piece.Start.Time);
        writer.Write(piece.Start.Step);
        writer.Write(piece.End.Time);
        writer.Write(piece.End.Step);
        writer.Write(piece.Kinds.Bits);
        writer.Write(piece.FramesTaken);
        writer.Write(piece.Landmarks.Count);
        foreach (Landmark mark in piece.Landmarks)
        {
            writer.Write(mark.Time);
            writer.Write((byte)mark.Lane);
        }

        writer.Write(piece.Keys.Words.Count);
        foreach (ulong word in piece.Keys.Words)
        {
            writer.Write(word);
        }

        writer.Flush();
        return new SegmentSummary(Version, bytes.ToArray());
    }

    /// <summary>The pieces of a recording as far as they follow each other from the run's begin on; none of another version.</summary>
    /// <param name="summaries">What the recording holds of them, whatever its bytes are.</param>
    public static IReadOnlyList<Segment> ReadAll(IReadOnlyList<SegmentSummary> summaries)
    {
        List<Segment> pieces = [];
        foreach (SegmentSummary summary in summaries)
        {
            if (Read(summary) is not { } piece || (pieces.Count > 0 && piece.Start != pieces[^1].End))
            {
                break;
            }

            pieces.Add(piece);
        }

        return pieces;
    }

    /// <summary>The piece of these bytes; null when they are none.</summary>
    private static Segment? Read(SegmentSummary summary)
    {
        if (summary.Version != Version)
        {
            return null;
        }

        using BinaryReader reader = new(new MemoryStream(summary.Bytes));
        try
        {
            Moment start = new(reader.ReadUInt64(), reader.ReadUInt32());
            Moment end = new(reader.ReadUInt64(), reader.ReadUInt32());
            TraceMask kinds = new(reader.ReadUInt64());
            long taken = reader.ReadInt64();
            List<Landmark> landmarks = [];
            for (int left = reader.ReadInt32(); left > 0 && landmarks.Count <= MostLandmarks; left--)
            {
                landmarks.Add(new Landmark(reader.ReadUInt64(), (Lane)reader.ReadByte()));
            }

            int words = reader.ReadInt32();
            bool isPiece = start < end && landmarks.Count <= MostLandmarks && words >= 0 && KeyFilter.IsLength(words)
                && summary.Bytes.Length - reader.BaseStream.Position == (long)words * sizeof(ulong);
            return isPiece
                ? new Segment(start, end, kinds, new KeyFilter([.. Enumerable.Range(0, words).Select(_ => reader.ReadUInt64())]), landmarks, taken)
                : null;
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }
}
