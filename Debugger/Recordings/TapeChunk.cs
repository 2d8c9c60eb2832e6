using System.Buffers.Binary;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Recordings;

/// <summary>The chunk TAPE: answers of streams, with the position of the first.</summary>
internal static class TapeChunk
{
    // A byte holds the stream in its lowest two bits, the question above.
    private const int StreamBits = 2;
    private const int StreamMask = 3;
    private const int MostStream = 2;
    private const int MostAsked = 1 << 24;
    private const int MostErrno = 4095;
    private const int DigestBytes = 8;

    /// <summary>Writes answers from <paramref name="position"/> on, until they are all written or the chunk is as long as is usual.</summary>
    /// <returns>The position of the first that is not written.</returns>
    public static int Write(ChunkWriter chunk, TapeNotes notes, int position)
    {
        chunk.Number((ulong)position);
        for (int index = notes.IndexOf(position); index < notes.Length && chunk.Length < RecordingFormat.UsualChunkBytes; index++)
        {
            int end = notes.StartOf(index + 1);
            Write(chunk, notes, notes[index], end - position);
            position = end;
        }

        return position;
    }

    /// <summary>Reads it: answers until the chunk ends.</summary>
    /// <exception cref="BadChunkException">It is none, or does not begin where the one before ended.</exception>
    public static void Read(ChunkReader chunk, RecordingParts parts)
    {
        ulong position = chunk.Number();
        if (position != (ulong)parts.Notes.Count)
        {
            throw ChunkReader.Wrong($"the answer at position {parts.Notes.Count}", position);
        }

        while (chunk.Left > 0)
        {
            parts.CountItems(1);
            ReadNote(chunk, parts.Notes);
        }
    }

    private static void Write(ChunkWriter chunk, TapeNotes notes, in TapeNote note, int times)
    {
        TapeAsk ask = note.Ask;
        chunk.Raw([(byte)(((int)ask.Question << StreamBits) | ask.Stream)]);
        chunk.Number((ulong)ask.Asked);
        chunk.Number((ulong)note.Errno);
        chunk.Number((ulong)note.Count);
        if (note.MayRepeat)
        {
            chunk.Number((ulong)times);
        }

        if (GoesOut(ask.Question))
        {
            Span<byte> digest = stackalloc byte[DigestBytes];
            BinaryPrimitives.WriteUInt64LittleEndian(digest, ask.Digest);
            chunk.Raw(digest);
        }

        byte[] data = new byte[note.DataLength];
        notes.CopyData(note, data);
        chunk.Raw(data);
    }

    private static void ReadNote(ChunkReader chunk, TapeNotes notes)
    {
        byte head = chunk.Raw(1)[0];
        (int stream, int question) = (head & StreamMask, head >> StreamBits);
        if (stream > MostStream || question > (int)TapeQuestion.WriteModes)
        {
            throw ChunkReader.Wrong("a question to a stream", head);
        }

        TapeAsk ask = new((byte)stream, (TapeQuestion)question, chunk.Number("a length", MostAsked), 0);
        Errno errno = (Errno)chunk.Number("an errno", MostErrno);
        int count = chunk.Number("an answer", MostCount(ask));
        TapeNote note = new(ask, errno, count, -1);
        int times = note.MayRepeat ? chunk.Number("a number of answers", int.MaxValue - notes.Count) : 1;
        if (times == 0 || notes.IsFull)
        {
            throw ChunkReader.Wrong("a number of answers", (ulong)times);
        }

        if (GoesOut(ask.Question))
        {
            note = note with { Ask = ask with { Digest = BinaryPrimitives.ReadUInt64LittleEndian(chunk.Raw(DigestBytes)) } };
        }

        notes.Add(note, chunk.Raw(note.DataLength), times);
    }

    private static bool GoesOut(TapeQuestion question) => question is TapeQuestion.Write or TapeQuestion.WriteModes;

    /// <summary>No read or write moves more than was asked for.</summary>
    private static int MostCount(in TapeAsk ask) => ask.Question switch
    {
        TapeQuestion.Read or TapeQuestion.Write => ask.Asked,
        TapeQuestion.HasInput => 1,
        TapeQuestion.Size => int.MaxValue,
        _ => 0,
    };
}
