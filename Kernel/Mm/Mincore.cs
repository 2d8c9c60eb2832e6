using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Mm;

/// <summary><c>mincore(2)</c>: which pages are in memory.</summary>
/// <remarks>Source: [Linux mm/mincore.c].</remarks>
internal static class Mincore
{
    /// <summary>One byte per page: 1 when a touch would need no device, else 0; a purged page is 0 (V-073).</summary>
    /// <returns>The bytes; EINVAL for an unaligned start; ENOMEM when the range wraps or meets a hole.</returns>
    public static Result<byte[]> Of(MemorySystem mem, AddressSpace space, VirtAddr start, ulong lengthBytes)
    {
        if (start.PageOffset != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.StartUnaligned);
        }

        ulong length = VirtRange.PageAlign(lengthBytes);
        if (length < lengthBytes || start.Raw > VirtRange.TaskSize || length > VirtRange.TaskSize - start.Raw)
        {
            return new Refusal(Errno.ENOMEM, ErrnoCause.BeyondUserSpace);
        }

        byte[] pages = new byte[length >> 12];
        TableCursor cursor = mem.Editor.Over(space.Tables, default);
        for (int i = 0; i < pages.Length; i++)
        {
            VirtAddr at = start + ((ulong)i << 12);
            if (space.FindVma(at) is not { } vma)
            {
                return new Refusal(Errno.ENOMEM, ErrnoCause.NotMapped);
            }

            // A larger leaf answers for each of its pages; where there is none, the entry is none.
            _ = cursor.Seek(at);
            pages[i] = IsResident(mem, vma, at, cursor.Entry) ? (byte)1 : (byte)0;
        }

        return pages;
    }

    private static bool IsResident(MemorySystem mem, Vma vma, VirtAddr at, Pte entry) => mem.SoftPtes.KindOf(entry) switch
    {
        SoftPteKind.Present or SoftPteKind.ProtNone => true,
        SoftPteKind.MigrationRead or SoftPteKind.MigrationWrite => true,
        SoftPteKind.Swap => mem.Swap.FindCached(SoftPteFormat.SwapOf(entry)) is not null,
        SoftPteKind.None => vma.Backing?.FindPage(vma.IndexOf(at)) is not null,
        SoftPteKind.Purged or SoftPteKind.HwPoison or SoftPteKind.NonlinearFile or SoftPteKind.Unknown => false,
    };
}
