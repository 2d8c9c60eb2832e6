using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger.Recordings;

/// <summary>What a guest read from its standard input, by the notes of a tape.</summary>
internal static class NotedInput
{
    /// <summary>All that was read before <paramref name="position"/>, as a report keeps it.</summary>
    public static RecordedInput Of(TapeNotes notes, int position)
    {
        NotedReads reads = new(notes);
        InputRecorder recorder = new(reads);
        for (int i = 0; i < notes.Length && notes.StartOf(i) < position; i++)
        {
            if (notes[i].Ask is { Stream: 0, Question: TapeQuestion.Read, Asked: var length })
            {
                reads.Number = i;
                recorder.Read(new byte[length], out _);
            }
        }

        return recorder.Recorded;
    }

    private sealed class NotedReads(TapeNotes notes) : IHostStream
    {
        public int Number { get; set; }

        public bool IsTerminal => false;

        public (ushort Columns, ushort Rows) Size => (80, 24);

        public Errno Read(Span<byte> destination, out int count)
        {
            notes.CopyData(notes[Number], destination);
            count = notes[Number].Count;
            return notes[Number].Errno;
        }

        public Errno Write(ReadOnlySpan<byte> source, out int count)
        {
            count = source.Length;
            return Errno.None;
        }
    }
}
