namespace MmuEmu.Kernel.Volatile;

/// <summary>One node of a volatility tree: which bytes are volatile, and whether a page of them was purged.</summary>
/// <remarks>Source: [vrange v10 01/16, struct vrange].</remarks>
internal sealed class VolatileRange
{
    internal VolatileRange()
    {
    }

    /// <summary>The bytes.</summary>
    public ByteInterval Bytes { get; internal set; }

    /// <summary>A page of the range was purged; the mark is per range, not per page (V-121).</summary>
    public bool Purged { get; internal set; }

    /// <summary>A purge takes some pages of it and goes on to the next range; else all that it has (V-168).</summary>
    public bool Partly { get; internal set; }

    /// <summary>The tree that it is in; null while it is spare.</summary>
    public VolatileTree? Tree { get; internal set; }

    /// <summary>The list from which a purge of whole ranges can still choose it; null once it was tried (V-156).</summary>
    internal PurgeList? List { get; set; }

    internal VolatileRange? Younger { get; set; }

    internal VolatileRange? Older { get; set; }
}
