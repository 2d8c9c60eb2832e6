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
    public PollEvents Ready => !Stream.IsTerminal || Stream.HasInput(0) ? PollEvents.In | PollEvents.Out : PollEvents.Out;

    /// <inheritdoc/>
    public IBacking? Backing => null;

    /// <inheritdoc/>
    /// <remarks>A terminal where nothing was typed is waited for by the thread, not by the machine.</remarks>
    public Result<int> Read(ulong offset, Span<byte> destination)
    {
        if (destination.IsEmpty)
        {
            return 0;
        }

        if (Stream.IsTerminal && !Stream.HasInput(0) && !TerminalModes.Of(Stream).ReadsNothing)
        {
            return Errno.EAGAIN;
        }

        return Stream.Read(destination, out int count) is var errno and not Errno.None ? errno : count;
    }

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
