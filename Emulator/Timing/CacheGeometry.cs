namespace MmuEmu.Emulator.Timing;

/// <summary>The shape and speed of one cache; its lines are 64 bytes.</summary>
/// <param name="Kibibytes">Size in KiB.</param>
/// <param name="Ways">Lines in one set.</param>
/// <param name="Cycles">Load-to-use latency in core cycles, all levels above included.</param>
/// <param name="StreamCycles">Cycles per line of a long sequential copy or fill that this level serves.</param>
public readonly record struct CacheGeometry(int Kibibytes, int Ways, int Cycles, int StreamCycles)
{
    /// <summary>Number of sets; need not be a power of two.</summary>
    public int Sets => Kibibytes * 16 / Ways;
}

/// <summary>When a line enters the third level.</summary>
public enum ThirdLevelFill : byte
{
    /// <summary>With every miss, as in the other levels.</summary>
    OnMiss,

    /// <summary>When the second level evicts it: the third level holds what the second does not.</summary>
    OnEviction,
}

/// <summary>The caches of one core and the memory behind them.</summary>
public sealed record CacheSystem
{
    /// <summary>First level for fetches.</summary>
    public required CacheGeometry Code { get; init; }

    /// <summary>First level for data.</summary>
    public required CacheGeometry Data { get; init; }

    /// <summary>Second level.</summary>
    public required CacheGeometry Second { get; init; }

    /// <summary>Third level.</summary>
    public required CacheGeometry Third { get; init; }

    /// <summary>When a line enters the third level.</summary>
    public required ThirdLevelFill ThirdFill { get; init; }

    /// <summary>Load-to-use latency of memory in core cycles.</summary>
    public required int MemoryCycles { get; init; }

    /// <summary>Cycles per line of a long sequential copy or fill from memory.</summary>
    public required int MemoryStreamCycles { get; init; }

    /// <summary>Load-to-use latency of <paramref name="level"/> in core cycles.</summary>
    public int CyclesOf(CacheLevel level) => level switch
    {
        CacheLevel.L1 => Data.Cycles,
        CacheLevel.L2 => Second.Cycles,
        CacheLevel.L3 => Third.Cycles,
        CacheLevel.Memory => MemoryCycles,
    };

    /// <summary>Cycles per line of a long sequential copy or fill that <paramref name="level"/> serves.</summary>
    public int StreamCyclesOf(CacheLevel level) => level switch
    {
        CacheLevel.L1 => Data.StreamCycles,
        CacheLevel.L2 => Second.StreamCycles,
        CacheLevel.L3 => Third.StreamCycles,
        CacheLevel.Memory => MemoryStreamCycles,
    };
}
