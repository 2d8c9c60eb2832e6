using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;

namespace MmuEmu.Kernel.Files;

/// <summary>Sets pages of a file of memory aside before anybody writes them.</summary>
/// <remarks>Source: [Linux mm/shmem.c, shmem_fallocate].</remarks>
internal static class MemReserve
{
    /// <summary>Sets the pages <paramref name="first"/> to <paramref name="end"/>, which is not one of them, aside: the file has them, without content yet.</summary>
    /// <returns>None; ENOSPC, ENOMEM, and then nothing is set aside.</returns>
    public static Refusal SetAside(MemPages pages, ulong first, ulong end)
    {
        if (pages.Blocks is { Max: > 0 } blocks && end - first > blocks.Max)
        {
            return new Refusal(Errno.ENOSPC, ErrnoCause.FileSystemFull);
        }

        List<ulong> made = [];
        Refusal refusal = Refusal.None;
        for (ulong index = first; index < end && refusal == Refusal.None; index++)
        {
            // Set aside before: from now on it is zeros, and no failure of this call takes it back.
            pages.Find(index)?.Set(PageFlags.UpToDate);
            if (!pages.Has(index) && pages.Make(index, PageFlags.SwapBacked | PageFlags.Dirty).Has(out _, out refusal))
            {
                made.Add(index);
            }
        }

        for (int i = 0; i < made.Count && refusal != Refusal.None; i++)
        {
            pages.Drop(made[i], made[i] + 1);
        }

        return refusal;
    }
}
