using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger.Recordings;

/// <summary>One of the guest's standard streams, answered by a tape.</summary>
/// <param name="tape">The tape.</param>
/// <param name="number">0, 1 or 2.</param>
internal sealed class TapeStream(InputTape tape, byte number) : IHostStream
{
    /// <inheritdoc/>
    public bool IsTerminal => tape.Kinds[number];

    /// <inheritdoc/>
    public (ushort Columns, ushort Rows) Size
    {
        get
        {
            int size = tape.Answer(new TapeAsk(number, TapeQuestion.Size, 0, 0), Span<byte>.Empty).Count;
            return ((ushort)(size >> 16), (ushort)size);
        }
    }

    /// <inheritdoc/>
    public bool HasInput(int milliseconds) => tape.Answer(new TapeAsk(number, TapeQuestion.HasInput, milliseconds, 0), Span<byte>.Empty).Count != 0;

    /// <inheritdoc/>
    public Errno ReadModes(Span<byte> modes) => tape.Answer(new TapeAsk(number, TapeQuestion.ReadModes, modes.Length, 0), modes).Errno;

    /// <inheritdoc/>
    public Errno WriteModes(ReadOnlySpan<byte> modes, int when) =>
        tape.Answer(new TapeAsk(number, TapeQuestion.WriteModes, when, Fnv.Of(modes)), modes).Errno;

    /// <inheritdoc/>
    public Errno Read(Span<byte> destination, out int count)
    {
        TapeNote note = tape.Answer(new TapeAsk(number, TapeQuestion.Read, destination.Length, 0), destination);
        count = note.Count;
        return note.Errno;
    }

    /// <inheritdoc/>
    public Errno Write(ReadOnlySpan<byte> source, out int count)
    {
        TapeNote note = tape.Answer(new TapeAsk(number, TapeQuestion.Write, source.Length, Fnv.Of(source)), source);
        count = note.Count;
        return note.Errno;
    }
}
