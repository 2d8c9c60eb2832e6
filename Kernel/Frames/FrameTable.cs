using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Frames;

/// <summary>Finds the <see cref="PageFrame"/> of a frame number.</summary>
/// <remarks>Records are made when first asked for, so a large RAM costs nothing until it is used.</remarks>
internal sealed class FrameTable : IStateful
{
    // The buddy allocator asks for one record in 1024 of a fresh RAM: small chunks keep a large RAM cheap.
    private const int ChunkShift = FrameChunk.Shift;
    private const int ChunkMask = FrameChunk.Size - 1;
    private readonly PageFrame?[]?[] _chunks;
    private readonly FrameChunk?[] _homes;

    /// <summary>A table for RAM of <paramref name="frameCount"/> frames.</summary>
    public FrameTable(ulong frameCount)
    {
        FrameCount = frameCount;
        _chunks = new PageFrame?[]?[(int)((frameCount + ChunkMask) >> ChunkShift)];
        _homes = new FrameChunk?[_chunks.Length];
    }

    /// <summary>Frames of RAM.</summary>
    public ulong FrameCount { get; }

    /// <summary>The record of <paramref name="pfn"/>, which is within RAM.</summary>
    public PageFrame this[Pfn pfn] => Peek(pfn) ?? Make(pfn);

    /// <summary>The records that were ever asked for, lowest frame first: no other frame has ever been handed out.</summary>
    public IEnumerable<PageFrame> Known
    {
        get
        {
            foreach (PageFrame?[]? chunk in _chunks)
            {
                foreach (PageFrame? frame in chunk ?? [])
                {
                    if (frame is not null)
                    {
                        yield return frame;
                    }
                }
            }
        }
    }

    /// <summary>The record of <paramref name="pfn"/> if it was ever asked for; null otherwise, also outside RAM.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PageFrame? Peek(Pfn pfn) =>
        pfn.Raw < FrameCount ? _chunks[(int)(pfn.Raw >> ChunkShift)]?[(int)pfn.Raw & ChunkMask] : null;

    /// <summary>The record that stands for <paramref name="pfn"/>: that of its huge page when it is part of one, else its own.</summary>
    public PageFrame HeadOf(Pfn pfn) => PeekHead(pfn) ?? Make(pfn);

    /// <summary>Likewise; null when no such record was ever asked for.</summary>
    public PageFrame? PeekHead(Pfn pfn) =>
        Peek(new Pfn(pfn.Raw & ~(HugePage.Frames - 1UL))) is { } head && head.Has(PageFlags.Head) ? head : Peek(pfn);

    private PageFrame Make(Pfn pfn)
    {
        int chunk = (int)(pfn.Raw >> ChunkShift);
        FrameChunk home = _homes[chunk] ??= new FrameChunk();
        _chunks[chunk] = home.Frames;
        return home.Frames[(int)pfn.Raw & ChunkMask] = new PageFrame(pfn, home);
    }

    object IStateful.Save(object? last)
    {
        FrameChunkImage?[] before = last as FrameChunkImage?[] ?? [];
        FrameChunkImage?[] images = new FrameChunkImage?[_homes.Length];
        for (int chunk = 0; chunk < images.Length; chunk++)
        {
            images[chunk] = _homes[chunk]?.Save();
        }

        return images.AsSpan().SequenceEqual(before) ? before : images;
    }

    void IStateful.Restore(object state)
    {
        FrameChunkImage?[] images = (FrameChunkImage?[])state;
        for (int chunk = 0; chunk < images.Length; chunk++)
        {
            _homes[chunk] = images[chunk]?.Chunk;
            _chunks[chunk] = images[chunk]?.Chunk.Frames;
            images[chunk]?.Chunk.Restore(images[chunk]!);
        }
    }
}
