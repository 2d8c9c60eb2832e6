using MmuEmu.Debugger.Recordings;

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
    /// <summary>The version of the layout.</summary>
    public const uint Version = 1;

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
}
