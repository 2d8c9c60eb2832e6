using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>The memory devices.</summary>
public enum MemoryDevice
{
    /// <summary>/dev/null.</summary>
    Null,

    /// <summary>/dev/zero.</summary>
    Zero,

    /// <summary>/dev/full.</summary>
    Full,

    /// <summary>/dev/random and /dev/urandom, from the run's seed.</summary>
    Random,
}

/// <summary>/dev/null, /dev/zero, /dev/full and /dev/urandom.</summary>
/// <remarks>Source: [Linux drivers/char/mem.c].</remarks>
public sealed class DeviceContent(MemoryDevice device, SeededRandom random) : IFileContent
{
    /// <inheritdoc/>
    public ulong SizeBytes => 0;

    /// <inheritdoc/>
    public bool Seekable => false;

    /// <inheritdoc/>
    public PollEvents Ready => PollEvents.In | PollEvents.Out;

    /// <inheritdoc/>
    public IBacking? Backing => null;

    /// <inheritdoc/>
    public Result<int> Read(ulong offset, Span<byte> destination)
    {
        switch (device)
        {
            case MemoryDevice.Null:
                return 0;
            case MemoryDevice.Zero:
            case MemoryDevice.Full:
                destination.Clear();
                return destination.Length;
            case MemoryDevice.Random:
                random.Fill(destination);
                return destination.Length;
        }

        return Errno.EIO;
    }

    /// <inheritdoc/>
    public Result<int> Write(ulong offset, ReadOnlySpan<byte> source) => device == MemoryDevice.Full ? Errno.ENOSPC : source.Length;

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

/// <summary>A standard stream of the host.</summary>
public sealed class HostStreamContent(IHostStream stream) : IFileContent
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

/// <summary>A file whose text is made when it is opened: the files of /proc.</summary>
public sealed class TextContent(Func<string> text) : IFileContent
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
            _bytes = System.Text.Encoding.UTF8.GetBytes(text());
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
    public Errno Resize(ulong sizeBytes) => Errno.EACCES;

    /// <inheritdoc/>
    public void Opened()
    {
    }

    /// <inheritdoc/>
    public void Closed()
    {
    }
}
