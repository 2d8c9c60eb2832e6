using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger.View;

/// <summary>A stream of a guest that nobody sits at: it reads some bytes and then its end, and what it writes leads nowhere but to the tape.</summary>
/// <param name="content">The bytes.</param>
internal sealed class SilentStream(ReadOnlyMemory<byte> content = default) : IHostStream
{
    private const int MostBytes = 256 << 20;
    private int _at;

    /// <inheritdoc/>
    public bool IsTerminal => false;

    /// <inheritdoc/>
    public (ushort Columns, ushort Rows) Size => (80, 24);

    /// <inheritdoc/>
    public Errno Read(Span<byte> destination, out int count)
    {
        count = Math.Min(destination.Length, content.Length - _at);
        content.Span.Slice(_at, count).CopyTo(destination);
        _at += count;
        return Errno.None;
    }

    /// <inheritdoc/>
    public Errno Write(ReadOnlySpan<byte> source, out int count)
    {
        count = source.Length;
        return Errno.None;
    }

    /// <summary>All that a stream gives, up to its end.</summary>
    /// <exception cref="CommandException">It does not end.</exception>
    public static byte[] AllOf(IHostStream stream)
    {
        byte[] piece = new byte[1 << 16];
        List<byte> all = [];
        while (stream.Read(piece, out int count) == Errno.None && count > 0)
        {
            all.AddRange(piece.AsSpan(0, count));
            if (all.Count > MostBytes)
            {
                throw new CommandException(ExitCodes.Usage, "standard input: expected at most 256M, found more", "try: mmuemu run --record FILE, then mmuemu debug FILE");
            }
        }

        return [.. all];
    }
}
