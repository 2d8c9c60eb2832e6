namespace MmuEmu.Kernel.Frames;

/// <summary>The levels of free memory at which the kernel acts, in frames.</summary>
/// <param name="Min">At or below: ordinary allocations must reclaim first or fail.</param>
/// <param name="Low">Below: balancing starts.</param>
/// <param name="High">At or above: balancing stops.</param>
/// <remarks>Source: [Linux mm/page_alloc.c, init_per_zone_wmark_min, __setup_per_zone_wmarks].</remarks>
internal readonly record struct Watermarks(ulong Min, ulong Low, ulong High)
{
    /// <summary>The levels for RAM of <paramref name="frameCount"/> frames: min is 4 times the root of the KiB, 128 KiB to 64 MiB.</summary>
    public static Watermarks For(ulong frameCount)
    {
        ulong kib = frameCount * 4;
        ulong minKib = Math.Clamp((ulong)Math.Sqrt(kib * 16), 128, 65536);
        ulong min = minKib / 4;
        return new Watermarks(min, min + (min / 4), min + (min / 2));
    }
}
