using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Recordings;

/// <summary>What a kernel can ask of a standard stream; the numbers stand in recordings.</summary>
internal enum TapeQuestion : byte
{
    /// <summary>Read.</summary>
    Read = 0,

    /// <summary>Write.</summary>
    Write = 1,

    /// <summary>Whether there is something to read.</summary>
    HasInput = 2,

    /// <summary>Width and height.</summary>
    Size = 3,

    /// <summary>The settings of a terminal.</summary>
    ReadModes = 4,

    /// <summary>To change the settings of a terminal.</summary>
    WriteModes = 5,
}

/// <summary>One question of the kernel to a stream.</summary>
/// <param name="Stream">Which: 0, 1 or 2, as the guest's descriptors at its start.</param>
/// <param name="Question">What.</param>
/// <param name="Asked">Bytes to read or write; milliseconds to wait; when new settings are to hold.</param>
/// <param name="Digest">FNV-1a of the bytes that go out; 0 where none do.</param>
internal readonly record struct TapeAsk(byte Stream, TapeQuestion Question, int Asked, ulong Digest);

/// <summary>A question with the answer that the host gave.</summary>
/// <param name="Ask">The question.</param>
/// <param name="Errno">None, or why not.</param>
/// <param name="Count">Bytes read or written; 1 for yes; a size as columns * 65536 + rows.</param>
/// <param name="DataAt">Where the bytes that came in begin in the tape's data; -1 where none did.</param>
internal readonly record struct TapeNote(TapeAsk Ask, Errno Errno, int Count, long DataAt)
{
    /// <summary>How many bytes came in.</summary>
    public int DataLength => Ask.Question switch
    {
        TapeQuestion.Read => Count,
        TapeQuestion.ReadModes when Errno == Errno.None => Ask.Asked,
        _ => 0,
    };

    /// <summary>Asked again and again by a guest that waits: the same answer many times in a row is one note.</summary>
    public bool MayRepeat => Ask.Question is TapeQuestion.HasInput or TapeQuestion.Size;
}

/// <summary>A tape that is over was asked for more.</summary>
/// <param name="Position">The tape's end.</param>
/// <param name="Found">What was asked.</param>
internal sealed record TapeEnd(int Position, TapeAsk Found);

/// <summary>A run asked a stream for something else than it did when the tape was made.</summary>
/// <param name="Position">Where on the tape.</param>
/// <param name="Expected">What was asked then.</param>
/// <param name="Found">What is asked now.</param>
internal sealed record TapeDeparture(int Position, TapeAsk Expected, TapeAsk Found);
