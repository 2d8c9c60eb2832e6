using MmuEmu.Kernel.Frames;

namespace MmuEmu.Kernel.Vmas;

/// <summary>What lies behind a mapping of hugetlb: pages of 2 MiB from the pool, never fewer bytes at a time.</summary>
internal interface IHugeBacking : IBacking
{
    /// <summary>The huge page that holds page <paramref name="pageIndex"/> of the file, made of zeros if need be; null when the pool is empty, or beyond the end.</summary>
    /// <remarks>The file keeps its own reference; the caller counts its mapping.</remarks>
    PageFrame? BringHuge(ulong pageIndex);

    /// <summary>A huge page with any content and one reference, for a private copy in <paramref name="space"/>; null when the pool is empty.</summary>
    PageFrame? TakePrivate(AddressSpace space);
}
