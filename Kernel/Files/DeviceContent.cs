using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>The memory devices.</summary>
internal enum MemoryDevice
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
internal sealed class DeviceContent(MemoryDevice device, SeededRandom random) : IFileContent, IWholeOfParts
{
    /// <summary>Which of them.</summary>
    public MemoryDevice Device => device;

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
    /// <remarks>/dev/null does not look at what it is given. Source: [Linux drivers/char/mem.c, write_null].</remarks>
    public int WholeToWrite(int readable, ulong wanted) => device == MemoryDevice.Null ? (int)Math.Min(wanted, int.MaxValue) : readable;

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

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(random);
}
