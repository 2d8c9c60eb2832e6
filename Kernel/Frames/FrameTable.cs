using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Frames;

/// <summary>Finds the <see cref="PageFrame"/> of a frame number.</summary>
/// <remarks>Records are made when first asked for, so a large RAM costs nothing until it is used.</remarks>
internal sealed class FrameTable
{
    // The buddy allocator asks for one record in 1024 of a fresh RAM: small chunks keep a large RAM cheap.
    private const int ChunkShift = 6;
    private const int ChunkMask = (1 << ChunkShift) - 1;
    private readonly PageFrame?[]?[] _chunks;

    /// <summary>A table for RAM of <paramref name="frameCount"/> frames.</summary>
    public FrameTable(ulong frameCount)
    {
        FrameCount = frameCount;
        _chunks = new PageFrame?[]?[(int)((frameCount + ChunkMask) >> ChunkShift)];
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

    private PageFrame Make(Pfn pfn)
    {
        PageFrame?[] chunk = _chunks[(int)(pfn.Raw >> ChunkShift)] ??= new PageFrame?[ChunkMask + 1];
        return chunk[(int)pfn.Raw & ChunkMask] = new PageFrame(pfn);
    }
}
