using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>A pipe: a ring of 64 KiB with a reading and a writing end.</summary>
/// <remarks>Source: [Linux fs/pipe.c]; a write of up to 4096 bytes is never split.</remarks>
internal sealed class Pipe : IStateful
{
    /// <summary>Bytes that fit.</summary>
    public const int Capacity = 65536;

    /// <summary>PIPE_BUF: writes up to here are atomic.</summary>
    public const int AtomicBytes = 4096;

    private readonly byte[] _ring = new byte[Capacity];

    // What the ring holds, as it was saved; null once something else was written.
    private byte[]? _image;
    private int _start;
    private int _count;
    private ulong _changes;
    private bool _hasReader = true;
    private bool _hasWriter = true;

    /// <summary>An empty pipe with both ends open.</summary>
    public Pipe() => (ReadEnd, WriteEnd) = (new Reader(this), new Writer(this));

    /// <summary>The end to read from.</summary>
    public IFileContent ReadEnd { get; }

    /// <summary>The end to write to.</summary>
    public IFileContent WriteEnd { get; }

    /// <summary>Bytes now in it.</summary>
    public int Count => _count;

    private Result<int> Take(Span<byte> destination)
    {
        if (_count == 0 && destination.Length > 0)
        {
            return _hasWriter ? Errno.EAGAIN : 0;
        }

        int count = Math.Min(destination.Length, _count);
        int first = Math.Min(count, Capacity - _start);
        _ring.AsSpan(_start, first).CopyTo(destination);
        _ring.AsSpan(0, count - first).CopyTo(destination[first..]);
        _start = (_start + count) % Capacity;
        _count -= count;
        _changes++;
        return count;
    }

    private Result<int> Give(ReadOnlySpan<byte> source)
    {
        if (!_hasReader)
        {
            return Errno.EPIPE;
        }

        int free = Capacity - _count;
        if (source.Length > 0 && (free == 0 || (source.Length <= AtomicBytes && source.Length > free)))
        {
            return Errno.EAGAIN;
        }

        int count = Math.Min(source.Length, free);
        int end = (_start + _count) % Capacity;
        int first = Math.Min(count, Capacity - end);
        source[..first].CopyTo(_ring.AsSpan(end));
        source[first..count].CopyTo(_ring);
        _count += count;
        _changes++;
        _image = null;
        return count;
    }

    private sealed class Reader(Pipe pipe) : IFileContent, IWholeOfParts
    {
        public ulong SizeBytes => (ulong)pipe._count;

        public bool Seekable => false;

        public PollEvents Ready =>
            (pipe._count > 0 ? PollEvents.In : PollEvents.None) | (pipe._hasWriter ? PollEvents.None : PollEvents.HangUp);

        public ulong Changes => pipe._changes;

        public IBacking? Backing => null;

        public Result<int> Read(ulong offset, Span<byte> destination) => pipe.Take(destination);

        public Result<int> Write(ulong offset, ReadOnlySpan<byte> source) => Errno.EBADF;

        public Refusal Resize(ulong sizeBytes) => new Refusal(Errno.EINVAL, ErrnoCause.NoLength);

        public void Opened()
        {
        }

        public void Closed() => (pipe._hasReader, pipe._changes) = (false, pipe._changes + 1);

        void IStateful.SeeParts(StateVisitor visitor) => visitor.See(pipe);
    }

    private sealed class Writer(Pipe pipe) : IFileContent, IWholeOfParts
    {
        public ulong SizeBytes => 0;

        public bool Seekable => false;

        public PollEvents Ready =>
            (Capacity - pipe._count >= AtomicBytes ? PollEvents.Out : PollEvents.None)
            | (pipe._hasReader ? PollEvents.None : PollEvents.Error);

        public ulong Changes => pipe._changes;

        public IBacking? Backing => null;

        public Result<int> Read(ulong offset, Span<byte> destination) => Errno.EBADF;

        public Result<int> Write(ulong offset, ReadOnlySpan<byte> source) => pipe.Give(source);

        public Refusal Resize(ulong sizeBytes) => new Refusal(Errno.EINVAL, ErrnoCause.NoLength);

        public void Opened()
        {
        }

        public void Closed() => (pipe._hasWriter, pipe._changes) = (false, pipe._changes + 1);

        void IStateful.SeeParts(StateVisitor visitor) => visitor.See(pipe);
    }

    object IStateful.Save(object? last) => ((_start, _count, _changes, _hasReader, _hasWriter), _image ??= [.. _ring]);

    void IStateful.Restore(object state)
    {
        ((_start, _count, _changes, _hasReader, _hasWriter), _image) = (((int, int, ulong, bool, bool), byte[]))state;
        _image.CopyTo(_ring, 0);
    }
}
