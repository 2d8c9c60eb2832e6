namespace MmuEmu.Kernel.Swap;

/// <summary>A place in swap: which area, and which slot of it.</summary>
/// <param name="Type">The area, 0 to 31; the top numbers mean something else, see the software entry format.</param>
/// <param name="Offset">The slot; slot 0 holds the area's header and is never handed out.</param>
public readonly record struct SwapEntry(int Type, ulong Offset)
{
    /// <summary>One number for both: area in bits 63:58, slot below.</summary>
    public ulong Raw => ((ulong)Type << 58) | Offset;

    /// <summary>The place that <see cref="Raw"/> stands for.</summary>
    public static SwapEntry OfRaw(ulong raw) => new((int)(raw >> 58), raw & ((1UL << 58) - 1));
}
