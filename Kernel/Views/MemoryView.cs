using MmuEmu.Kernel.Frames;

namespace MmuEmu.Kernel.Views;

/// <summary>How much memory is used for what; all in frames or pages of 4 KiB.</summary>
public sealed record MemoryView
{
    /// <summary>Frames of RAM.</summary>
    public required ulong TotalFrames { get; init; }

    /// <summary>Frames that can ever be handed out.</summary>
    public required ulong ManagedFrames { get; init; }

    /// <summary>Free frames.</summary>
    public required ulong FreeFrames { get; init; }

    /// <summary>Free blocks by order, 0 to 10, as /proc/buddyinfo shows them.</summary>
    public required IReadOnlyList<int> FreeBlocks { get; init; }

    /// <summary>At or below so many free frames an allocation must reclaim first.</summary>
    public required ulong MinWatermark { get; init; }

    /// <summary>At or below so many free frames balancing starts.</summary>
    public required ulong LowWatermark { get; init; }

    /// <summary>At so many free frames balancing stops.</summary>
    public required ulong HighWatermark { get; init; }

    /// <summary>Pages on each list that reclaim walks, in the order of <see cref="LruKind"/>.</summary>
    public required IReadOnlyList<int> ListLengths { get; init; }

    /// <summary>Pages that are lazily free.</summary>
    public required int LazyFreePages { get; init; }

    /// <summary>Slots of swap.</summary>
    public required long SwapSlots { get; init; }

    /// <summary>Slots of swap that are handed out.</summary>
    public required long SwapUsed { get; init; }

    /// <summary>Pages in RAM that have a slot of swap.</summary>
    public required int SwapCached { get; init; }

    /// <summary>Pages read from a device since the machine began.</summary>
    public required ulong PagesRead { get; init; }

    /// <summary>Pages on one of the lists.</summary>
    public int this[LruKind kind] => ListLengths[(int)kind];
}
