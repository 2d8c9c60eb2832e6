using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>A standard input whose bytes are known beforehand.</summary>
internal sealed class BytesInput(ReadOnlyMemory<byte> bytes) : IHostStream, IStateful
{
    private int _at;

    /// <inheritdoc/>
    public bool IsTerminal => false;

    /// <inheritdoc/>
    public (ushort Columns, ushort Rows) Size => (80, 24);

    /// <inheritdoc/>
    public Errno Read(Span<byte> destination, out int count)
    {
        count = Math.Min(destination.Length, bytes.Length - _at);
        bytes.Span.Slice(_at, count).CopyTo(destination);
        _at += count;
        return Errno.None;
    }

    /// <inheritdoc/>
    public Errno Write(ReadOnlySpan<byte> source, out int count)
    {
        count = 0;
        return Errno.EPIPE;
    }

    object IStateful.Save(object? last) => _at;

    void IStateful.Restore(object state) => _at = (int)state;
}
