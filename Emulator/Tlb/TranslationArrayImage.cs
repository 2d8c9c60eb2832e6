using MmuEmu.Emulator.Memory;

namespace MmuEmu.Emulator.Tlb;

/// <summary>One array of translations at one moment.</summary>
/// <param name="Slots">The slots.</param>
/// <param name="Chains">The hash chains.</param>
/// <param name="Index">The lists for invalidations.</param>
/// <param name="Ways">Replacement; null of an endless array.</param>
/// <param name="Counts">All other fields.</param>
internal sealed record TranslationArrayImage(
    ArrayImage Slots, ChainsImage Chains, SlotIndexImage Index, WayChoiceImage? Ways, ArrayCounts Counts);

/// <summary>The hash chains of an array at one moment.</summary>
/// <param name="Buckets">The first slot of each.</param>
/// <param name="Shift">By how much a hash is shifted.</param>
internal sealed record ChainsImage(ArrayImage Buckets, int Shift);

/// <summary>The numbers that an array of translations keeps.</summary>
/// <param name="Count">Entries held.</param>
/// <param name="ByLevel">The same by level.</param>
/// <param name="Empty">The empty slots of an endless array.</param>
/// <param name="Clock">Uses so far.</param>
internal readonly record struct ArrayCounts(int Count, LevelCounts ByLevel, EmptySlots Empty, ulong Clock);
