using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using Org.BouncyCastle.Crypto.Digests;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Notes what a guest reads from its standard input, which it takes for a pipe.</summary>
/// <param name="stream">Where it comes from.</param>
internal sealed class InputRecorder(IHostStream stream) : IHostStream
{
    private readonly Sha256Digest _hash = new();
    private readonly List<byte> _data = [];
    private readonly List<ulong> _pieces = [];
    private ulong _bytes;
    private ulong _piece;
    private Errno _error;

    /// <inheritdoc/>
    public bool IsTerminal => false;

    /// <inheritdoc/>
    public (ushort Columns, ushort Rows) Size => (80, 24);

    /// <summary>What was read so far.</summary>
    public RecordedInput Recorded => new(_bytes, FileHash.TextOf(new Sha256Digest(_hash)), _bytes > RecordedInput.MostBytes ? null : [.. _data])
    {
        Pieces = PiecesWithoutTheEnd(),
        Error = _error,
    };

    /// <inheritdoc/>
    public Errno Read(Span<byte> destination, out int count)
    {
        _error = stream.Read(destination, out count);
        Span<byte> got = destination[..count];
        _hash.BlockUpdate(got);
        _bytes += (ulong)count;
        _piece += (ulong)count;
        if (_bytes <= RecordedInput.MostBytes)
        {
            _data.AddRange(got);
        }

        if (count < destination.Length)
        {
            _pieces.Add(_piece);
            _piece = 0;
        }

        return _error;
    }

    /// <inheritdoc/>
    public Errno Write(ReadOnlySpan<byte> source, out int count) => stream.Write(source, out count);

    private List<ulong> PiecesWithoutTheEnd()
    {
        int length = _pieces.Count;
        while (length > 0 && _piece == 0 && _pieces[length - 1] == 0)
        {
            length--;
        }

        return length == 1 && _pieces[0] == _bytes ? [] : _pieces[..length];
    }
}
