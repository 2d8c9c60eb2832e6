using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Files;

/// <summary>A standard output that keeps what is written.</summary>
public sealed class BytesOutput : IHostStream
{
    private byte[] _bytes = new byte[256];
    private int _length;

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>What was written so far, as UTF-8.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Written);

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
        if (_length + source.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + source.Length));
        }

        source.CopyTo(_bytes.AsSpan(_length));
        _length += source.Length;
        count = source.Length;
        return Errno.None;
    }
}
