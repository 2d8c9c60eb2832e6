using System.Buffers.Binary;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>How a read takes from an event counter.</summary>
internal enum EventTaking
{
    /// <summary>All of it at once.</summary>
    All,

    /// <summary>One at a time, as from a semaphore.</summary>
    One,
}

/// <summary>The content of an eventfd: a number that writes add to and reads take from.</summary>
/// <param name="initial">The number at the begin.</param>
/// <param name="taking">How reads take.</param>
/// <remarks>Source: [Linux fs/eventfd.c].</remarks>
internal sealed class EventCounter(uint initial, EventTaking taking) : IFileContent, IStateful
{
    private const ulong Most = ulong.MaxValue - 1;
    private ulong _count = initial;

    /// <inheritdoc/>
    public ulong SizeBytes => 0;

    /// <inheritdoc/>
    public bool Seekable => false;

    /// <inheritdoc/>
    public PollEvents Ready => (_count > 0 ? PollEvents.In : PollEvents.None) | (_count < Most ? PollEvents.Out : PollEvents.None);

    /// <inheritdoc/>
    public ulong Changes { get; private set; }

    /// <inheritdoc/>
    public IBacking? Backing => null;

    /// <summary>Takes from the counter; eight bytes. EINVAL for less room, EAGAIN while it is 0.</summary>
    public Result<int> Read(ulong offset, Span<byte> destination)
    {
        if (destination.Length < sizeof(ulong))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.BufferTooSmall);
        }

        if (_count == 0)
        {
            return Errno.EAGAIN;
        }

        ulong taken = taking == EventTaking.One ? 1 : _count;
        BinaryPrimitives.WriteUInt64LittleEndian(destination, taken);
        _count -= taken;
        Changes++;
        return sizeof(ulong);
    }

    /// <summary>Adds to the counter; eight bytes. EINVAL for fewer or for 2^64 - 1, EAGAIN when the sum has no room.</summary>
    public Result<int> Write(ulong offset, ReadOnlySpan<byte> source)
    {
        if (source.Length < sizeof(ulong))
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.BufferTooSmall);
        }

        ulong added = BinaryPrimitives.ReadUInt64LittleEndian(source);
        if (added > Most)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.ValueTooLarge);
        }

        if (added > Most - _count)
        {
            return Errno.EAGAIN;
        }

        _count += added;
        Changes++;
        return sizeof(ulong);
    }

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

    object IStateful.Save(object? last) => (_count, Changes);

    void IStateful.Restore(object state) => (_count, Changes) = ((ulong, ulong))state;
}
