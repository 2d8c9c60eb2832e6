namespace MmuEmu.Kernel.Views;

/// <summary>What a frame of RAM is used for.</summary>
public enum FrameUse
{
    /// <summary>There is no RAM at that number.</summary>
    Outside,

    /// <summary>Nothing: it lies in a block on a free list.</summary>
    Free,

    /// <summary>A paging structure.</summary>
    Table,

    /// <summary>The kernel's own: the first frames of RAM, pages that every process may map, nodes.</summary>
    Kernel,

    /// <summary>Anonymous memory.</summary>
    Anonymous,

    /// <summary>A page of a file.</summary>
    File,

    /// <summary>The page of zeros that reads of untouched anonymous memory share.</summary>
    Zero,
}
