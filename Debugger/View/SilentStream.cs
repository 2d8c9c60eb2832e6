using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger.View;

/// <summary>A stream of a guest that nobody sits at: reads are at their end, and what is written leads nowhere but to the tape.</summary>
internal sealed class SilentStream : IHostStream
{
    /// <inheritdoc/>
    public bool IsTerminal => false;

    /// <inheritdoc/>
    public (ushort Columns, ushort Rows) Size => (80, 24);

    /// <inheritdoc/>
    public Errno Read(Span<byte> destination, out int count)
    {
        count = 0;
        return Errno.None;
    }

    /// <inheritdoc/>
    public Errno Write(ReadOnlySpan<byte> source, out int count)
    {
        count = source.Length;
        return Errno.None;
    }

    /// <summary>All that a stream gives, as text.</summary>
    public static TextReader TextOf(IHostStream stream)
    {
        byte[] piece = new byte[4096];
        List<byte> all = [];
        while (stream.Read(piece, out int count) == Errno.None && count > 0)
        {
            all.AddRange(piece.AsSpan(0, count));
        }

        return new StringReader(OwnText.Encoding.GetString([.. all]));
    }
}
