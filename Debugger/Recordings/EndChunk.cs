using MmuEmu.Debugger.Sessions;

namespace MmuEmu.Debugger.Recordings;

/// <summary>The chunk ENDS: how the run ended.</summary>
internal static class EndChunk
{
    private const int MostStatus = 255;
    private const int MostSignal = 64;
    private const int Streams = 3;
    private const ulong MostTicks = 1_000_000UL * TimeSpan.TicksPerSecond;

    /// <summary>Writes it.</summary>
    public static void Write(ChunkWriter chunk, RecordedEnd end)
    {
        chunk.Text(end.Reason);
        chunk.Number((ulong)end.Status);
        chunk.Number((ulong)end.Signal);
        chunk.Number((ulong)(end.Cut?.Cause ?? InterruptCause.None));
        chunk.Number((ulong)(end.Cut?.Timeout?.Ticks ?? 0));
        chunk.Number(end.Left.Time);
        chunk.Raw(Convert.FromHexString(end.Left.RamHash));
        foreach (OutputTrack output in end.Outputs)
        {
            chunk.Number(output.Length);
            chunk.Raw(Convert.FromHexString(output.Hash));
        }
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="BadChunkException">It is none, or the second one.</exception>
    public static void Read(ChunkReader chunk, RecordingParts parts)
    {
        if (parts.End is not null)
        {
            throw new BadChunkException("one end", "a second one");
        }

        string reason = chunk.Text();
        int status = chunk.Number("a status", MostStatus);
        int signal = chunk.Number("a signal", MostSignal);
        InterruptCause cause = (InterruptCause)chunk.Number("a cause", (int)InterruptCause.Signal);
        ulong ticks = chunk.Number();
        RunTrack left = new(chunk.Number(), chunk.Hash());
        OutputTrack[] outputs = new OutputTrack[Streams];
        for (int i = 0; i < Streams; i++)
        {
            outputs[i] = new OutputTrack(chunk.Number(), chunk.Hash());
        }

        RunCut? cut = cause == InterruptCause.None ? null
            : new RunCut(cause, cause == InterruptCause.Timeout ? TimeSpan.FromTicks((long)Math.Min(ticks, MostTicks)) : null, left.Time);
        parts.End = new RecordedEnd(reason, status, signal, cut, left) { Outputs = outputs };
    }
}
