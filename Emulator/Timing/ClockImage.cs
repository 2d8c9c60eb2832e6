using MmuEmu.Emulator.Memory;

namespace MmuEmu.Emulator.Timing;

/// <summary>One core's clock at one moment; its pipeline has no state.</summary>
/// <param name="Stack">Cycles by owner.</param>
/// <param name="Now">Their sum.</param>
/// <param name="Instructions">Instructions retired.</param>
/// <param name="Caches">The modelled caches.</param>
/// <param name="HardwarePaths">Counts by <see cref="HardwarePath"/>.</param>
/// <param name="SoftwarePaths">Counts by the numbers of the software.</param>
/// <param name="Counters">All other counts.</param>
internal sealed record ClockImage(
    CpiStack Stack, ulong Now, ulong Instructions, CachesImage Caches, ArrayImage HardwarePaths, ArrayImage SoftwarePaths,
    ClockCounters Counters);
