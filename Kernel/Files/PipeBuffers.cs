using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>The buffers of a pipe: a ring of pages, each with the bytes of one write or of several small ones.</summary>
/// <remarks>
/// A write whose last part of less than a page fits into the youngest buffer begins there; all else takes new buffers. A copy that fails in the middle
/// of a buffer moves nothing of it, so where buffers begin can be seen. Source: [Linux fs/pipe.c, pipe_read, pipe_write].
/// </remarks>
internal sealed class PipeBuffers : IStateful
{
    /// <summary>Buffers at most.</summary>
    public const int Count = 16;

    /// <summary>Bytes of a buffer.</summary>
    public const int BufferBytes = 4096;

    private readonly byte[] _bytes = new byte[Count * BufferBytes];
    private readonly Piece[] _pieces = new Piece[Count];

    // What the ring holds, as it was saved; null once something else was written.
    private byte[]? _image;
    private int _first;
    private int _used;

    /// <summary>Bytes in all buffers.</summary>
    public int TotalBytes { get; private set; }

    /// <summary>True when no buffer is free.</summary>
    public bool IsFull => _used == Count;

    /// <summary>Takes bytes, the oldest first.</summary>
    public int Take(Span<byte> destination)
    {
        int done = 0;
        while (done < destination.Length && _used > 0)
        {
            ref Piece oldest = ref _pieces[_first];
            int count = Math.Min(oldest.Length, destination.Length - done);
            _bytes.AsSpan((_first * BufferBytes) + oldest.Start, count).CopyTo(destination[done..]);
            oldest = new Piece(oldest.Start + count, oldest.Length - count);
            done += count;
            if (oldest.Length == 0)
            {
                (_first, _used) = ((_first + 1) % Count, _used - 1);
            }
        }

        TotalBytes -= done;
        return done;
    }

    /// <summary>Puts bytes in, as many as fit.</summary>
    public int Give(ReadOnlySpan<byte> source)
    {
        int done = MergedOf((ulong)source.Length);
        if (done > 0)
        {
            ref Piece youngest = ref _pieces[Youngest];
            source[..done].CopyTo(_bytes.AsSpan((Youngest * BufferBytes) + youngest.Start + youngest.Length));
            youngest = youngest with { Length = youngest.Length + done };
        }

        while (done < source.Length && !IsFull)
        {
            int count = Math.Min(BufferBytes, source.Length - done);
            _used++;
            source.Slice(done, count).CopyTo(_bytes.AsSpan(Youngest * BufferBytes));
            _pieces[Youngest] = new Piece(0, count);
            done += count;
        }

        TotalBytes += done;
        _image = null;
        return done;
    }

    /// <summary>Of the next <paramref name="bytes"/> to be read, those that come in whole parts of buffers.</summary>
    public int WholeToTake(int bytes)
    {
        int whole = 0;
        for (int i = 0; i < _used; i++)
        {
            int length = _pieces[(_first + i) % Count].Length;
            if (whole + length > bytes)
            {
                break;
            }

            whole += length;
        }

        return whole;
    }

    /// <summary>Of a write of <paramref name="wanted"/> bytes whose first <paramref name="readable"/> only are there, those that go into whole buffers.</summary>
    public int WholeToGive(int readable, ulong wanted)
    {
        int merged = MergedOf(wanted);
        return readable < merged ? 0 : merged + ((readable - merged) / BufferBytes * BufferBytes);
    }

    /// <summary>Bytes of a write that go into the youngest buffer.</summary>
    private int MergedOf(ulong wanted)
    {
        int part = (int)(wanted % BufferBytes);
        return _used > 0 && _pieces[Youngest].Start + _pieces[Youngest].Length + part <= BufferBytes ? part : 0;
    }

    private int Youngest => (_first + _used - 1) % Count;

    private readonly record struct Piece(int Start, int Length);

    object IStateful.Save(object? last) => ((_first, _used, TotalBytes), (Piece[])[.. _pieces], _image ??= [.. _bytes]);

    void IStateful.Restore(object state)
    {
        ((_first, _used, TotalBytes), Piece[] pieces, _image) = (((int, int, int), Piece[], byte[]))state;
        pieces.CopyTo(_pieces, 0);
        _image.CopyTo(_bytes, 0);
    }
}
