using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Cpu.Blocks;

/// <summary>Which bytes of which frames blocks were decoded from.</summary>
internal sealed class CodeFrames
{
    private const int FrameBytes = 4096;
    private const ulong RamFrames = PhysicalMemory.MaxBytes / FrameBytes;

    private readonly Dictionary<ulong, FrameCode> _byFrame = [];

    // One bit for each frame of RAM up to the highest that ever held code: every store past the look-aside asks.
    private ulong[] _holdsCode = new ulong[64];

    /// <summary>True when some block was decoded from <paramref name="frame"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Holds(Pfn frame)
    {
        ulong word = frame.Raw >> 6;
        return word < (ulong)_holdsCode.Length ? (_holdsCode[word] >> (int)(frame.Raw & 63) & 1) != 0 : HoldsBeyond(frame);
    }

    /// <summary>Notes what a block was decoded from.</summary>
    /// <param name="block">Its number in its cache.</param>
    /// <param name="start">Its first byte.</param>
    /// <param name="lengthBytes">Number of its bytes.</param>
    /// <param name="lastFrame">The frame of its last byte.</param>
    internal void Add(int block, PhysAddr start, int lengthBytes, Pfn lastFrame)
    {
        int first = (int)(start.Raw & (FrameBytes - 1));
        if (first + lengthBytes <= FrameBytes)
        {
            Add(start.Frame, new CodePiece(first, first + lengthBytes, block));
            return;
        }

        // It crosses: any write to either page drops it. Both pages may be mapped to one frame.
        Add(start.Frame, new CodePiece(0, FrameBytes, block));
        if (lastFrame != start.Frame)
        {
            Add(lastFrame, new CodePiece(0, FrameBytes, block));
        }
    }

    /// <summary>Takes out the blocks that hold one of the bytes.</summary>
    /// <param name="start">First byte written.</param>
    /// <param name="lengthBytes">Number of bytes written; they lie in one frame.</param>
    /// <param name="taken">Gets the numbers of the blocks.</param>
    internal void Take(PhysAddr start, int lengthBytes, List<int> taken)
    {
        if (!Holds(start.Frame))
        {
            return;
        }

        FrameCode code = _byFrame[start.Frame.Raw];
        int first = (int)(start.Raw & (FrameBytes - 1));
        code.Take(first, first + lengthBytes, taken);
        if (code.IsEmpty && start.Frame.Raw < RamFrames)
        {
            _holdsCode[start.Frame.Raw >> 6] &= ~(1UL << (int)(start.Frame.Raw & 63));
        }
    }

    /// <summary>Forgets everything.</summary>
    internal void Clear()
    {
        _byFrame.Clear();
        Array.Clear(_holdsCode);
    }

    /// <summary>Its state as a value; <paramref name="last"/> is an earlier one to share with.</summary>
    internal CodeFramesImage Save(CodeFramesImage? last)
    {
        FrameCodeImage[] frames = new FrameCodeImage[_byFrame.Count];
        int count = 0;
        foreach ((ulong frame, FrameCode code) in _byFrame)
        {
            frames[count++] = code.Save(frame);
        }

        return new CodeFramesImage(ArrayImage.Of(_holdsCode, last?.HoldsCode), ListImage<FrameCodeImage>.Of(frames, last?.Frames));
    }

    /// <summary>Takes that state again.</summary>
    internal void Restore(CodeFramesImage image)
    {
        image.HoldsCode.CopyTo(ref _holdsCode);
        _byFrame.Clear();
        for (int i = 0; i < image.Frames.Count; i++)
        {
            FrameCodeImage frame = image.Frames[i];
            frame.Code.Restore(frame);
            _byFrame[frame.Frame] = frame.Code;
        }
    }

    /// <summary>For frames above all that ever held code, and those outside RAM, where the processor fetches ones.</summary>
    private bool HoldsBeyond(Pfn frame) =>
        frame.Raw >= RamFrames && _byFrame.TryGetValue(frame.Raw, out FrameCode? code) && !code.IsEmpty;

    private void Add(Pfn frame, in CodePiece piece)
    {
        if (!_byFrame.TryGetValue(frame.Raw, out FrameCode? code))
        {
            _byFrame[frame.Raw] = code = new FrameCode();
        }

        code.Add(piece);
        if (frame.Raw >= RamFrames)
        {
            return;
        }

        int word = (int)(frame.Raw >> 6);
        if (word >= _holdsCode.Length)
        {
            Array.Resize(ref _holdsCode, Math.Max(word + 1, _holdsCode.Length * 2));
        }

        _holdsCode[word] |= 1UL << (int)(frame.Raw & 63);
    }
}
