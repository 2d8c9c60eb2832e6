using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Frames;

/// <summary>The records of 64 frames side by side, and which of them changed since they were last saved or restored.</summary>
internal sealed class FrameChunk
{
    /// <summary>log2 of the frames in a chunk: a bit of a word for each.</summary>
    public const int Shift = 6;

    /// <summary>Frames in a chunk.</summary>
    public const int Size = 1 << Shift;

    private FrameChunkImage? _image;
    private ulong _changed;

    /// <summary>The records; null where none was ever asked for.</summary>
    public PageFrame?[] Frames { get; } = new PageFrame?[Size];

    /// <summary>The record of <paramref name="pfn"/> is not what was saved.</summary>
    public void Note(Pfn pfn) => _changed |= 1UL << (int)(pfn.Raw & (Size - 1));

    /// <summary>All records as they are; those that did not change are shared with what was saved before.</summary>
    public FrameChunkImage Save()
    {
        if (_image is null || _changed != 0)
        {
            FrameState?[] states = _image is null ? new FrameState?[Size] : [.. _image.States];
            for (int i = 0; i < Size; i++)
            {
                states[i] = (_changed >> i & 1) == 0 ? states[i] : Frames[i]?.Save();
            }

            (_image, _changed) = (new FrameChunkImage(this, states), 0);
        }

        return _image;
    }

    /// <summary>Gives the records that differ their state back.</summary>
    public void Restore(FrameChunkImage image)
    {
        if (_changed == 0 && image == _image)
        {
            return;
        }

        for (int i = 0; i < Size; i++)
        {
            FrameState? state = image.States[i];
            if ((_changed >> i & 1) != 0 || !ReferenceEquals(state, _image?.States[i]))
            {
                Frames[i] = state?.Frame;
                state?.Frame.Restore(state);
            }
        }

        (_image, _changed) = (image, 0);
    }
}

/// <summary>What a chunk held at one moment; never changes.</summary>
/// <param name="chunk">The chunk.</param>
/// <param name="states">The state of each record; null where there was none.</param>
internal sealed class FrameChunkImage(FrameChunk chunk, FrameState?[] states)
{
    /// <summary>The chunk.</summary>
    public FrameChunk Chunk { get; } = chunk;

    /// <summary>The state of each record; null where there was none.</summary>
    public FrameState?[] States { get; } = states;
}
