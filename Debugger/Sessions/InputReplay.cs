using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger.Sessions;

/// <summary>A standard input that gives again what an earlier one gave, by the same reads.</summary>
/// <param name="recorded">What was read.</param>
/// <param name="parts">The bytes, in parts of any length.</param>
internal sealed class InputReplay(RecordedInput recorded, IReadOnlyList<byte[]> parts) : IHostStream
{
    private int _part;
    private int _at;
    private int _piece;
    private ulong _taken;

    /// <inheritdoc/>
    public bool IsTerminal => false;

    /// <inheritdoc/>
    public (ushort Columns, ushort Rows) Size => (80, 24);

    /// <inheritdoc/>
    public Errno Read(Span<byte> destination, out int count)
    {
        count = 0;
        int most = (int)Math.Min((ulong)destination.Length, LeftOfPiece());
        while (count < most && _part < parts.Count)
        {
            int now = Math.Min(most - count, parts[_part].Length - _at);
            parts[_part].AsSpan(_at, now).CopyTo(destination[count..]);
            count += now;
            _at += now;
            (_part, _at) = _at == parts[_part].Length ? (_part + 1, 0) : (_part, _at);
        }

        bool over = count == 0 && _part == parts.Count && _piece >= recorded.Pieces.Count;
        _taken += (ulong)count;
        if (count < destination.Length && _piece < recorded.Pieces.Count)
        {
            (_piece, _taken) = (_piece + 1, 0);
        }

        return over ? recorded.Error : Errno.None;
    }

    /// <inheritdoc/>
    public Errno Write(ReadOnlySpan<byte> source, out int count)
    {
        count = 0;
        return Errno.EBADF;
    }

    private ulong LeftOfPiece() => _piece < recorded.Pieces.Count ? recorded.Pieces[_piece] - _taken : ulong.MaxValue;
}
