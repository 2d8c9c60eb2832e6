using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>Whose bytes a tree marks: an address space, keyed by virtual address (V-110), or a file, keyed by offset (V-111).</summary>
/// <remarks>The kinds are these two. A purge knows of no third, and does not ask which one it has.</remarks>
internal interface IVolatileOwner
{
    /// <summary>True while the mappings or the content are held for change: whole ranges of the owner wait (V-155).</summary>
    bool IsBusy { get; }

    /// <summary>Gives every page that is in memory at an offset within <paramref name="bytes"/> to <paramref name="purge"/>, lowest offset first.</summary>
    /// <returns>Frames freed; swapped-out pages are not asked for (V-145).</returns>
    ulong OfferPages(ByteInterval bytes, PagePurge purge, ReclaimReason reason);
}
