using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>A file whose text is made when it is opened: the files of /proc.</summary>
internal sealed class TextContent(ITextSource source) : IFileContent, IStateful
{
    private byte[]? _bytes;

    /// <inheritdoc/>
    public ulong SizeBytes => 0;

    /// <inheritdoc/>
    public bool Seekable => true;

    /// <inheritdoc/>
    public PollEvents Ready => PollEvents.In | PollEvents.Out;

    /// <inheritdoc/>
    public IBacking? Backing => null;

    /// <inheritdoc/>
    public Result<int> Read(ulong offset, Span<byte> destination)
    {
        if (_bytes is null || offset == 0)
        {
            _bytes = GuestText.Bytes(source.Text());
        }

        if (offset >= (ulong)_bytes.Length)
        {
            return 0;
        }

        int count = Math.Min(destination.Length, _bytes.Length - (int)offset);
        _bytes.AsSpan((int)offset, count).CopyTo(destination);
        return count;
    }

    /// <inheritdoc/>
    public Result<int> Write(ulong offset, ReadOnlySpan<byte> source) => Errno.EACCES;

    /// <inheritdoc/>
    public Refusal Resize(ulong sizeBytes) => Errno.EACCES;

    /// <inheritdoc/>
    public void Opened()
    {
    }

    /// <inheritdoc/>
    public void Closed()
    {
    }

    object IStateful.Save(object? last) => ValueTuple.Create(_bytes);

    void IStateful.Restore(object state) => _bytes = ((ValueTuple<byte[]?>)state).Item1;
}
