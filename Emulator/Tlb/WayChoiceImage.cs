using MmuEmu.Emulator.Memory;

namespace MmuEmu.Emulator.Tlb;

/// <summary>Who would make room in an array's sets at one moment.</summary>
/// <param name="Empty">Which slots are empty.</param>
/// <param name="Oldest">Of an array with <see cref="OldestWays"/>.</param>
/// <param name="Lru">Of an array with an <see cref="LruOrder"/>.</param>
/// <param name="Plru">Of an array with <see cref="PlruTrees"/>.</param>
internal sealed record WayChoiceImage(ArrayImage Empty, OrderImage? Oldest, OrderImage? Lru, ArrayImage? Plru);
