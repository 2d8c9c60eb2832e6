using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Views;

/// <summary>How far a debugger's read reaches.</summary>
internal enum ReadReach
{
    /// <summary>Frames that entries hold.</summary>
    Frames,

    /// <summary>Those, and what a touch would bring in, looked at where it lies.</summary>
    Behind,
}

/// <summary>Reads memory of any space without a trace: by way of the tables, not of the processor.</summary>
internal static class MemoryReader
{
    private const int PageBytes = 4096;

    /// <summary>Reads up to the first byte that is not to be had.</summary>
    /// <returns>Bytes read; <paramref name="last"/> is the state of the page at which it ended.</returns>
    public static int Read(MemorySystem mem, AddressSpace space, VirtAddr address, Span<byte> bytes, ReadReach reach, out PageState last)
    {
        last = PageState.None;
        Span<byte> page = stackalloc byte[PageBytes];
        int done = 0;
        while (done < bytes.Length && address.Raw + (ulong)done is var raw && raw < VirtRange.TaskSize)
        {
            VirtAddr at = new(raw);
            TableEntry entry = mem.Editor.Find(space.Tables, at);
            Vma? vma = VmaLook.Covering(space, at);
            last = PageStates.Of(mem, vma, at.PageBase, entry);
            if (!TryPage(mem, vma, at.PageBase, entry, reach, page))
            {
                return done;
            }

            int count = Math.Min(PageBytes - at.PageOffset, bytes.Length - done);
            page.Slice(at.PageOffset, count).CopyTo(bytes[done..]);
            done += count;
        }

        last = done < bytes.Length ? PageState.None : last;
        return done;
    }

    private static bool TryPage(MemorySystem mem, Vma? vma, VirtAddr at, in TableEntry entry, ReadReach reach, Span<byte> page)
    {
        if (SoftPteFormat.HasFrame(entry.Entry))
        {
            return TryFrame(mem, PageStates.FrameOf(entry, at), page);
        }

        return reach == ReadReach.Behind && vma is not null && mem.SoftPtes.KindOf(entry.Entry) switch
        {
            SoftPteKind.None => TryHole(mem, vma, at, page),
            SoftPteKind.Swap => TrySlot(mem, SoftPteFormat.SwapOf(entry.Entry), page),
            SoftPteKind.MigrationRead or SoftPteKind.MigrationWrite => TryFrame(mem, new Pfn(SoftPteFormat.SwapOf(entry.Entry).Offset), page),
            _ => false,
        };
    }

    private static bool TryFrame(MemorySystem mem, Pfn frame, Span<byte> page)
    {
        mem.Ram.Page(frame).CopyTo(page);
        return mem.Ram.Contains(frame);
    }

    private static bool TrySlot(MemorySystem mem, SwapEntry slot, Span<byte> page)
    {
        if (mem.Swap.FindCached(slot) is { } cached)
        {
            return TryFrame(mem, cached.Pfn, page);
        }

        bool isKept = mem.Swap.CountOf(slot) > 0;
        if (isKept)
        {
            mem.Swap.Read(slot, page);
        }

        return isKept;
    }

    private static bool TryHole(MemorySystem mem, Vma vma, VirtAddr at, Span<byte> page)
    {
        page.Clear();
        ulong index = vma.IndexOf(at);
        return vma.Backing switch
        {
            null => !vma.Has(VmFlags.UserFault),
            { } file when file.FindPage(index) is { } cached => TryFrame(mem, cached.Pfn, page),
            SpecialPage special => TrySpecial(special, index, page),
            IFileContent content => content.TryPeek(index, page),
            _ => false,
        };
    }

    private static bool TrySpecial(SpecialPage special, ulong index, Span<byte> page)
    {
        special.CopyTo(page);
        return index == 0;
    }
}
