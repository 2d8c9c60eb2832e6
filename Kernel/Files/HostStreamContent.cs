using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>A standard stream of the host.</summary>
internal sealed class HostStreamContent(IHostStream stream) : IFileContent
{
    /// <summary>The host's stream.</summary>
    public IHostStream Stream { get; } = stream;

    /// <inheritdoc/>
    public ulong SizeBytes => 0;

    /// <inheritdoc/>
    public bool Seekable => false;

    /// <inheritdoc/>
    public PollEvents Ready => PollEvents.In | PollEvents.Out;

    /// <inheritdoc/>
    public IBacking? Backing => null;

    /// <inheritdoc/>
    public Result<int> Read(ulong offset, Span<byte> destination) => destination.IsEmpty ? 0 : Stream.Read(destination);

    /// <inheritdoc/>
    public Result<int> Write(ulong offset, ReadOnlySpan<byte> source) => Stream.TryWrite(source) ? source.Length : Errno.EPIPE;

    /// <inheritdoc/>
    public Errno Resize(ulong sizeBytes) => Errno.EINVAL;

    /// <inheritdoc/>
    public void Opened()
    {
    }

    /// <inheritdoc/>
    public void Closed()
    {
    }
}
