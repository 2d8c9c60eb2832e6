using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger.Recordings;

/// <summary>Puts a question of a tape to the host.</summary>
internal static class TapeHost
{
    /// <summary>80 columns, 24 rows.</summary>
    public const int UsualSize = (80 << 16) | 24;

    /// <summary>The host's answer, which may take the host's time.</summary>
    /// <param name="streams">The host's streams.</param>
    /// <param name="ask">The question.</param>
    /// <param name="incoming">Where bytes that come in go.</param>
    /// <param name="outgoing">Bytes that go out.</param>
    public static TapeNote Ask(GuestStreams streams, in TapeAsk ask, Span<byte> incoming, ReadOnlySpan<byte> outgoing)
    {
        IHostStream stream = StreamOf(streams, ask.Stream);
        Errno errno = Errno.None;
        int count = 0;
        switch (ask.Question)
        {
            case TapeQuestion.Read:
                errno = stream.Read(incoming, out count);
                break;
            case TapeQuestion.Write:
                errno = stream.Write(outgoing, out count);
                break;
            case TapeQuestion.HasInput:
                count = stream.HasInput(ask.Asked) ? 1 : 0;
                break;
            case TapeQuestion.Size:
                (ushort columns, ushort rows) = stream.Size;
                count = (columns << 16) | rows;
                break;
            case TapeQuestion.ReadModes:
                errno = stream.ReadModes(incoming);
                break;
            case TapeQuestion.WriteModes:
                errno = stream.WriteModes(outgoing, ask.Asked);
                break;
        }

        return new TapeNote(ask, errno, count, -1);
    }

    /// <summary>The stream of that number.</summary>
    public static IHostStream StreamOf(GuestStreams streams, int number) => number switch
    {
        0 => streams.Input,
        1 => streams.Output,
        _ => streams.Error,
    };
}
