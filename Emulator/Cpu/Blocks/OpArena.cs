using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MmuEmu.Emulator.Cpu.Blocks;

/// <summary>Native memory for the ops of blocks; what was handed out stays where it is until all of it is taken back at once.</summary>
/// <remarks>
/// It consists of segments, each at a multiple of its size, so that an op finds its segment by its own address. The first 64 bytes of
/// a segment are its header: one bit for each 4 KiB that may have changed since the arena was saved or restored last.
/// </remarks>
internal sealed unsafe class OpArena : IDisposable
{
    private const int SegmentBytes = 1 << 18;
    private const int ChunkShift = 12;
    private const int ChunkBytes = 1 << ChunkShift;
    private const int Chunks = SegmentBytes / ChunkBytes;
    private const int HeaderBytes = 64;

    private readonly List<nuint> _segments = [];
    private ArenaImage _base = new([], 0);

    // Bytes handed out, headers and what was left over at the end of segments included.
    private long _used;

    /// <summary>Room for ops of so many <paramref name="bytes"/>, at most 256 KiB less 64; their content is undefined.</summary>
    internal void* Take(int bytes)
    {
        long left = SegmentBytes - (_used % SegmentBytes);
        if (left == SegmentBytes || left < bytes)
        {
            _used += (left % SegmentBytes) + HeaderBytes;
        }

        int segment = (int)(_used / SegmentBytes);
        if (segment == _segments.Count)
        {
            _segments.Add((nuint)NativeMemory.AlignedAlloc(SegmentBytes, SegmentBytes));
            NativeMemory.Clear((void*)_segments[segment], SegmentBytes);
        }

        void* ops = (void*)(_segments[segment] + (nuint)(_used % SegmentBytes));
        _used += bytes;
        return ops;
    }

    /// <summary>Notes that <paramref name="op"/> changes; an op never crosses a chunk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Touch(void* op)
    {
        nuint within = (nuint)op & (SegmentBytes - 1);
        *(ulong*)((nuint)op - within) |= 1UL << (int)(within >> ChunkShift);
    }

    /// <summary>Notes that so many <paramref name="bytes"/> from <paramref name="first"/> on change, which were taken together.</summary>
    internal static void Touch(void* first, int bytes)
    {
        nuint segment = (nuint)first & ~(nuint)(SegmentBytes - 1);
        int begin = (int)((nuint)first - segment) >> ChunkShift;
        int end = (int)((nuint)first + (nuint)bytes - 1 - segment) >> ChunkShift;
        *(ulong*)segment |= (ulong.MaxValue << begin) & (ulong.MaxValue >> (63 - end));
    }

    /// <summary>Takes all ops back; the memory stays for those that follow.</summary>
    internal void Clear() => _used = 0;

    /// <summary>Its content as a value; costs what was touched since it was saved or restored last.</summary>
    internal ArenaImage Save()
    {
        byte[][][] segments = new byte[(_used + SegmentBytes - 1) / SegmentBytes][][];
        for (int i = 0; i < segments.Length; i++)
        {
            ulong* header = (ulong*)_segments[i];
            byte[][]? before = i < _base.Segments.Length ? _base.Segments[i] : null;
            if (before is not null && *header == 0)
            {
                segments[i] = before;
                continue;
            }

            segments[i] = SaveSegment((byte*)header, before, *header);
            *header = 0;
        }

        return _base = new ArenaImage(segments, _used);
    }

    /// <summary>Gives the ops that it held then their content again, at the same addresses.</summary>
    internal void Restore(ArenaImage image)
    {
        for (int i = 0; i < image.Segments.Length; i++)
        {
            ulong* header = (ulong*)_segments[i];
            byte[][]? now = i < _base.Segments.Length ? _base.Segments[i] : null;
            RestoreSegment((byte*)header, now, image.Segments[i], *header);
            *header = 0;
        }

        // What lies behind is not in this image: whoever saves it again has to take all of it.
        (_base, _used) = (image, image.Used);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        foreach (nuint segment in _segments)
        {
            NativeMemory.AlignedFree((void*)segment);
        }

        _segments.Clear();
        _used = 0;
    }

    private static byte[][] SaveSegment(byte* segment, byte[][]? before, ulong touched)
    {
        byte[][] chunks = before is null ? new byte[Chunks][] : (byte[][])before.Clone();
        for (ulong left = before is null ? ulong.MaxValue : touched; left != 0; left &= left - 1)
        {
            int chunk = BitOperations.TrailingZeroCount(left);
            chunks[chunk] = new ReadOnlySpan<byte>(segment + (chunk * ChunkBytes), ChunkBytes).ToArray();
        }

        return chunks;
    }

    private static void RestoreSegment(byte* segment, byte[][]? now, byte[][] wanted, ulong touched)
    {
        for (int chunk = 0; chunk < Chunks && (touched != 0 || now != wanted); chunk++)
        {
            if ((touched >> chunk & 1) != 0 || now?[chunk] != wanted[chunk])
            {
                wanted[chunk].CopyTo(new Span<byte>(segment + (chunk * ChunkBytes), ChunkBytes));
            }
        }
    }
}

/// <summary>The ops of one vCPU's blocks at one moment.</summary>
/// <param name="Segments">The segments in use, in chunks of 4 KiB.</param>
/// <param name="Used">Bytes handed out.</param>
internal sealed record ArenaImage(byte[][][] Segments, long Used);
