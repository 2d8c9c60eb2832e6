using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Memory;

/// <summary>Which frames may have been written since RAM was saved last: one bit each, in words of 64 frames.</summary>
internal sealed unsafe class WrittenFrames : IDisposable
{
    private readonly ulong[] _open;

    // Native, so that a write to RAM marks its frame without a check: every frame of RAM has its bit.
    private ulong* _words;

    /// <summary>No frame of <paramref name="frameCount"/> written yet.</summary>
    public WrittenFrames(ulong frameCount)
    {
        _open = new ulong[(frameCount + 63) >> 6];
        _words = (ulong*)NativeMemory.AllocZeroed((nuint)_open.Length, sizeof(ulong));
    }

    /// <summary>How many words there are; bit i of word w stands for frame 64 w + i.</summary>
    internal int Length => _open.Length;

    /// <summary>The words, for whoever notes writes itself.</summary>
    internal ulong* Marks => _words;

    /// <summary>Notes that somebody may write to <paramref name="frame"/>, which is RAM, without saying so.</summary>
    internal void MarkOpen(Pfn frame) => _open[frame.Raw >> 6] |= 1UL << (int)frame.Raw;

    /// <summary>The frames of a word that may differ; all count as not written from now on.</summary>
    /// <param name="word">Which word.</param>
    /// <param name="open">Out: those that may well be unchanged, because nobody has said that they were written.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong Take(int word, out ulong open)
    {
        ulong written = _words[word];
        open = _open[word] & ~written;
        (_words[word], _open[word]) = (0, 0);
        return written | open;
    }

    /// <summary>Frees the marks; RAM is no more.</summary>
    public void Dispose()
    {
        NativeMemory.Free(_words);
        _words = null;
    }

    /// <summary>Notes writes to the frames from <paramref name="first"/> to <paramref name="last"/>, which are RAM.</summary>
    internal void Mark(Pfn first, Pfn last)
    {
        for (Pfn frame = first; frame.Raw <= last.Raw; frame += 1)
        {
            _words[frame.Raw >> 6] |= 1UL << (int)frame.Raw;
        }
    }
}
