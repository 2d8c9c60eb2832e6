using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>A file whose pages can be written one by one by whoever holds their locks.</summary>
internal interface IPagedContent : IFileContent, IBacking
{
    /// <summary>Makes the page that is not in memory, not up to date: it holds what its frame held before.</summary>
    /// <returns>The frame, without a reference; ENOSPC when the file may have no more pages; ENOMEM when no frame can be had.</returns>
    Result<PageFrame> AddPage(ulong pageIndex);

    /// <summary>Reads a page in from what lies below the file, zeros where there is nothing; it is up to date then.</summary>
    void FillPage(PageFrame page);

    /// <summary>Bytes of a page that is up to date were written: the file may have grown.</summary>
    void PageWritten(PageFrame page, ulong endBytes);
}
