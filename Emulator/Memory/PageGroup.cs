using System.Runtime.CompilerServices;

namespace MmuEmu.Emulator.Memory;

/// <summary>The buffers of 64 frames in a row, as the trees that share it see them.</summary>
internal sealed class PageGroup
{
    /// <summary>Frames of a group: those of one word of <see cref="WrittenFrames"/>.</summary>
    internal const int Frames = 64;

    /// <summary>The number of each frame's buffer in the store; 0 for a page of zeros.</summary>
    internal Numbers Pages;

    /// <summary>How many trees hold it.</summary>
    internal int Holders { get; private set; } = 1;

    /// <summary>One holder more.</summary>
    internal void Hold() => Holders++;

    /// <summary>One holder less; the last one lets its pages go.</summary>
    internal void Leave(PageStore store)
    {
        if (--Holders == 0)
        {
            foreach (int number in Pages)
            {
                store.Leave(number);
            }
        }
    }

    /// <summary>A number for each frame of a group.</summary>
    [InlineArray(Frames)]
    internal struct Numbers
    {
        private int _first;
    }
}
