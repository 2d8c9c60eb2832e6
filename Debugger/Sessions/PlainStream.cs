using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger.Sessions;

/// <summary>A stream that the guest takes for a pipe, whatever it is on the host.</summary>
internal sealed class PlainStream(IHostStream stream) : IHostStream
{
    /// <inheritdoc/>
    public bool IsTerminal => false;

    /// <inheritdoc/>
    public (ushort Columns, ushort Rows) Size => (80, 24);

    /// <inheritdoc/>
    public int Read(Span<byte> destination) => stream.Read(destination);

    /// <inheritdoc/>
    public bool TryWrite(ReadOnlySpan<byte> source) => stream.TryWrite(source);
}
