using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>A standard stream of the host.</summary>
internal sealed class HostStreamContent(IHostStream stream) : IFileContent, IWholeOfParts
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
    public Result<int> Read(ulong offset, Span<byte> destination) =>
        destination.IsEmpty ? 0 : Stream.Read(destination, out int count) is var errno and not Errno.None ? errno : count;

    /// <inheritdoc/>
    /// <remarks>What went before the host refused is an answer of its own; the next write hears why.</remarks>
    public Result<int> Write(ulong offset, ReadOnlySpan<byte> source) =>
        Stream.Write(source, out int count) is var errno and not Errno.None && count == 0 ? errno : count;

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

    // A stream of the host has no state that could be put back; bytes that are known beforehand have.
    void IStateful.SeeParts(StateVisitor visitor) => visitor.SeeAny(Stream);
}
