using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>A pipe: sixteen buffers of a page each, with a reading and a writing end.</summary>
/// <remarks>Source: [Linux fs/pipe.c]; a write of up to 4096 bytes is never split.</remarks>
internal sealed class Pipe : IStateful
{
    /// <summary>Bytes that fit.</summary>
    public const int Capacity = PipeBuffers.Count * PipeBuffers.BufferBytes;

    /// <summary>PIPE_BUF: writes up to here are atomic.</summary>
    public const int AtomicBytes = PipeBuffers.BufferBytes;

    private readonly PipeBuffers _buffers = new();
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
    public int Count => _buffers.TotalBytes;

    private Result<int> Take(Span<byte> destination)
    {
        if (Count == 0 && destination.Length > 0)
        {
            return _hasWriter ? Errno.EAGAIN : 0;
        }

        _changes++;
        return _buffers.Take(destination);
    }

    private Result<int> Give(ReadOnlySpan<byte> source)
    {
        if (!_hasReader)
        {
            return Errno.EPIPE;
        }

        int done = _buffers.Give(source);
        if (done == 0 && source.Length > 0)
        {
            return Errno.EAGAIN;
        }

        _changes++;
        return done;
    }

    private sealed class Reader(Pipe pipe) : IFileContent, IWholeOfParts
    {
        public ulong SizeBytes => (ulong)pipe.Count;

        public bool Seekable => false;

        public PollEvents Ready =>
            (pipe.Count > 0 ? PollEvents.In : PollEvents.None) | (pipe._hasWriter ? PollEvents.None : PollEvents.HangUp);

        public ulong Changes => pipe._changes;

        public IBacking? Backing => null;

        public Result<int> Read(ulong offset, Span<byte> destination) => pipe.Take(destination);

        public int WholeToRead(int bytes) => pipe._buffers.WholeToTake(bytes);

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
            (pipe._buffers.IsFull ? PollEvents.None : PollEvents.Out)
            | (pipe._hasReader ? PollEvents.None : PollEvents.Error);

        public ulong Changes => pipe._changes;

        public IBacking? Backing => null;

        public Result<int> Read(ulong offset, Span<byte> destination) => Errno.EBADF;

        public Result<int> Write(ulong offset, ReadOnlySpan<byte> source) => pipe.Give(source);

        public int WholeToWrite(int readable, ulong wanted) => pipe._buffers.WholeToGive(readable, wanted);

        public Refusal Resize(ulong sizeBytes) => new Refusal(Errno.EINVAL, ErrnoCause.NoLength);

        public void Opened()
        {
        }

        public void Closed() => (pipe._hasWriter, pipe._changes) = (false, pipe._changes + 1);

        void IStateful.SeeParts(StateVisitor visitor) => visitor.See(pipe);
    }

    object IStateful.Save(object? last) => SavedItems.Same((_changes, _hasReader, _hasWriter), last);

    void IStateful.Restore(object state) => (_changes, _hasReader, _hasWriter) = ((ulong, bool, bool))state;

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(_buffers);
}
