using MmuEmu.Kernel.Abi;
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
    public Errno Read(Span<byte> destination, out int count) => stream.Read(destination, out count);

    /// <inheritdoc/>
    public Errno Write(ReadOnlySpan<byte> source, out int count) => stream.Write(source, out count);
}
