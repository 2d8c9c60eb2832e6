using System.Runtime.InteropServices;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Cpu.Decode;

/// <summary>Which bytes of which frames blocks were decoded from.</summary>
internal sealed class CodeFrames
{
    private const int FrameBytes = 4096;
    private const ulong RamFrames = PhysicalMemory.MaxBytes / FrameBytes;

    private readonly Dictionary<ulong, List<Piece>> _byFrame = [];

    // One bit for each frame of RAM up to the highest that ever held code: every store past the look-aside asks.
    private ulong[] _holdsCode = new ulong[64];

    /// <summary>True when some block was decoded from <paramref name="frame"/>.</summary>
    internal bool Holds(Pfn frame)
    {
        ulong word = frame.Raw >> 6;
        return word < (ulong)_holdsCode.Length
            ? (_holdsCode[word] >> (int)(frame.Raw & 63) & 1) != 0
            : frame.Raw >= RamFrames && _byFrame.TryGetValue(frame.Raw, out List<Piece>? pieces) && pieces.Count != 0;
    }

    /// <summary>Notes what a block was decoded from.</summary>
    internal void Add(Block block)
    {
        int first = (int)(block.Start.Raw & (FrameBytes - 1));
        if (block.LastFrame == block.Start.Frame)
        {
            Add(block.Start.Frame, new Piece(first, first + block.Code.Length, block));
            return;
        }

        // It crosses: any write to either page drops it.
        Add(block.Start.Frame, new Piece(0, FrameBytes, block));
        Add(block.LastFrame, new Piece(0, FrameBytes, block));
    }

    /// <summary>Takes out the blocks that hold one of the bytes.</summary>
    /// <param name="start">First byte written.</param>
    /// <param name="lengthBytes">Number of bytes written; they lie in one frame.</param>
    /// <param name="taken">Gets the blocks.</param>
    internal void Take(PhysAddr start, int lengthBytes, List<Block> taken)
    {
        if (!Holds(start.Frame))
        {
            return;
        }

        List<Piece> pieces = _byFrame[start.Frame.Raw];
        int first = (int)(start.Raw & (FrameBytes - 1));
        int end = first + lengthBytes;
        for (int i = pieces.Count - 1; i >= 0; i--)
        {
            ref readonly Piece piece = ref CollectionsMarshal.AsSpan(pieces)[i];
            if (first < piece.End && piece.First < end)
            {
                taken.Add(piece.Block);
                pieces.RemoveAt(i);
            }
        }

        if (pieces.Count == 0 && start.Frame.Raw < RamFrames)
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

    private void Add(Pfn frame, in Piece piece)
    {
        if (!_byFrame.TryGetValue(frame.Raw, out List<Piece>? pieces))
        {
            _byFrame[frame.Raw] = pieces = [];
        }

        pieces.Add(piece);
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

    private readonly record struct Piece(int First, int End, Block Block);
}
