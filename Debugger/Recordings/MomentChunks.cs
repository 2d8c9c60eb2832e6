using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Recordings;

/// <summary>The chunks SIGN, CHKP and SEGM: what is told of moments of the run.</summary>
internal static class MomentChunks
{
    private const int MostSignal = 64;

    /// <summary>Writes SIGN.</summary>
    public static void Write(ChunkWriter chunk, in SentSignal signal)
    {
        chunk.Number(signal.Time);
        chunk.Number(signal.Step);
        chunk.Number((ulong)signal.Signal);
    }

    /// <summary>Writes CHKP.</summary>
    public static void Write(ChunkWriter chunk, in RecordedMoment checkpoint)
    {
        chunk.Number(checkpoint.Time);
        chunk.Number(checkpoint.Step);
        chunk.Raw(Convert.FromHexString(checkpoint.Hash));
    }

    /// <summary>Writes SEGM.</summary>
    public static void Write(ChunkWriter chunk, SegmentSummary segment)
    {
        chunk.Number(segment.Version);
        chunk.Raw(segment.Bytes);
    }

    /// <summary>Reads SIGN: signals until the chunk ends.</summary>
    /// <exception cref="BadChunkException">It is none, or goes back in time.</exception>
    public static void ReadSignals(ChunkReader chunk, RecordingParts parts)
    {
        while (chunk.Left > 0)
        {
            parts.CountItems(1);
            SentSignal signal = new(chunk.Number(), chunk.Word("a step"), (Signal)chunk.Number("a signal", MostSignal));
            SentSignal last = parts.Signals.Sent.Count > 0 ? parts.Signals.Sent[^1] : default;
            if ((signal.Time, signal.Step).CompareTo((last.Time, last.Step)) < 0)
            {
                throw new BadChunkException($"signals in their order, the next at T {last.Time} or later", $"one at T {signal.Time}");
            }

            parts.Signals.Add(signal);
        }
    }

    /// <summary>Reads CHKP: checkpoints until the chunk ends.</summary>
    /// <exception cref="BadChunkException">It is none, or goes back in time.</exception>
    public static void ReadCheckpoints(ChunkReader chunk, RecordingParts parts)
    {
        while (chunk.Left > 0)
        {
            parts.CountItems(1);
            RecordedMoment checkpoint = new(chunk.Number(), chunk.Word("a step"), chunk.Hash());
            RecordedMoment last = parts.Checkpoints.Count > 0 ? parts.Checkpoints[^1] : default;
            if ((checkpoint.Time, checkpoint.Step).CompareTo((last.Time, last.Step)) < 0)
            {
                throw new BadChunkException($"checkpoints in their order, the next at T {last.Time} or later", $"one at T {checkpoint.Time}");
            }

            parts.Checkpoints.Add(checkpoint);
        }
    }

    /// <summary>Reads SEGM.</summary>
    /// <exception cref="BadChunkException">It is none.</exception>
    public static void ReadSegment(ChunkReader chunk, RecordingParts parts)
    {
        parts.CountItems(1);
        uint version = chunk.Word("a version");
        parts.Segments.Add(new SegmentSummary(version, chunk.Raw(chunk.Left).ToArray()));
    }
}
