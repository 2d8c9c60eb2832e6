using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>A standard stream of the host.</summary>
internal sealed class HostStreamContent(IHostStream stream) : IFileContent, IStateful
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
    public Refusal Resize(ulong sizeBytes) => new Refusal(Errno.EINVAL, ErrnoCause.NoLength);

    /// <inheritdoc/>
    public void Opened()
    {
    }

    /// <inheritdoc/>
    public void Closed()
    {
    }

    object IStateful.Save(object? last) => this;

    void IStateful.Restore(object state)
    {
    }

    // A stream of the host has no state that could be put back; bytes that are known beforehand have.
    void IStateful.SeeParts(StateVisitor visitor) => visitor.SeeAny(Stream);
}
