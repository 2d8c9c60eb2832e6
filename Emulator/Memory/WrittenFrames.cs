using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Memory;

/// <summary>Which frames may have been written since RAM was saved last: one bit each, in words of 64 frames.</summary>
internal sealed class WrittenFrames(ulong frameCount)
{
    private readonly ulong[] _words = new ulong[(frameCount + 63) >> 6];

    /// <summary>The words; bit i of word w stands for frame 64 w + i.</summary>
    internal Span<ulong> Words => _words;

    /// <summary>Notes a write to <paramref name="frame"/>, which is RAM.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Mark(Pfn frame) => _words[frame.Raw >> 6] |= 1UL << (int)frame.Raw;

    /// <summary>Notes writes to the frames from <paramref name="first"/> to <paramref name="last"/>, which are RAM.</summary>
    internal void Mark(Pfn first, Pfn last)
    {
        for (Pfn frame = first; frame.Raw <= last.Raw; frame += 1)
        {
            Mark(frame);
        }
    }
}
