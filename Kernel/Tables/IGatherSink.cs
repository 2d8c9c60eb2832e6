using MmuEmu.Kernel.Frames;

namespace MmuEmu.Kernel.Tables;

/// <summary>Takes what a gather lets go after its flush.</summary>
internal interface IGatherSink
{
    /// <summary>Drops the reference that an unmapped entry held; a swap-cache copy that nobody needs goes too.</summary>
    void Unmapped(PageFrame frame);

    /// <summary>Marks a page lazy free, its entries being clean and flushed, and drops the gather's reference (F-042, F-055).</summary>
    void LazyFreed(PageFrame frame);

    /// <summary>Frees a paging structure that no table points to.</summary>
    void TableFreed(PageFrame frame);

    /// <summary>Notes a flush: of <paramref name="pageCount"/> pages, or of the whole space when 0.</summary>
    void Flushed(in FlushRequest request, ulong pageCount);
}
