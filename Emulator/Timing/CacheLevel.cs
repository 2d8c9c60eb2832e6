namespace MmuEmu.Emulator.Timing;

/// <summary>Where a line was found.</summary>
public enum CacheLevel : byte
{
    /// <summary>The first-level cache.</summary>
    L1 = 0,

    /// <summary>The second-level cache.</summary>
    L2 = 1,

    /// <summary>The third-level cache.</summary>
    L3 = 2,

    /// <summary>No cache had it.</summary>
    Memory = 3,
}
