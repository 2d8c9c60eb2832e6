namespace MmuEmu.Debugger.Recordings;

/// <summary>Reads a chunk of one kind as one major version of the format has it.</summary>
/// <param name="Major">The version.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Read">Takes the chunk apart; bytes behind what it knows belong to a newer minor version.</param>
internal sealed record ChunkRow(ushort Major, ChunkKind Kind, Action<ChunkReader, RecordingParts> Read);

/// <summary>All kinds of chunks of all versions. A version that was ever written keeps its rows.</summary>
internal static class ChunkTable
{
    private static readonly ChunkRow[] Rows =
    [
        new(1, ChunkKind.Run, RunChunk.Read),
        new(1, ChunkKind.Tape, TapeChunk.Read),
        new(1, ChunkKind.File, DiskChunk.ReadContent),
        new(1, ChunkKind.Disk, DiskChunk.Read),
        new(1, ChunkKind.Signals, MomentChunks.ReadSignals),
        new(1, ChunkKind.Checkpoints, MomentChunks.ReadCheckpoints),
        new(1, ChunkKind.Segment, MomentChunks.ReadSegment),
        new(1, ChunkKind.End, EndChunk.Read),
    ];

    /// <summary>The row; null for a kind that the version does not have.</summary>
    public static ChunkRow? Find(ushort major, uint kind) => Array.Find(Rows, row => row.Major == major && (uint)row.Kind == kind);

    /// <summary>Whether the version can be read.</summary>
    public static bool Knows(ushort major) => Array.Exists(Rows, row => row.Major == major);
}
