using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Paging;

namespace MmuEmu.Emulator.Tlb;

/// <summary>A number for each level.</summary>
/// <remarks>Room for eight, so that no level needs a bounds check.</remarks>
[InlineArray(8)]
internal struct LevelCounts
{
    private int _first;

    /// <summary>Adds to the number of one level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(PagingLevel level, int change) => this[(int)level & 7] += change;

    /// <summary>The number of one level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int Of(PagingLevel level) => this[(int)level & 7];
}
