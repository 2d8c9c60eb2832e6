using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Volatile;

namespace MmuEmu.Kernel.Views;

/// <summary>Looks at mappings.</summary>
internal static class VmaLook
{
    /// <summary>The mapping that covers <paramref name="address"/>, or null; unlike the tree's own search it leaves no trace.</summary>
    public static Vma? Covering(AddressSpace space, VirtAddr address)
    {
        int at = space.Vmas.IndexAtOrAbove(address);
        return at < space.Vmas.Count && space.Vmas[at].Range.Contains(address) ? space.Vmas[at] : null;
    }

    /// <summary>All mappings of a space, lowest first.</summary>
    public static IReadOnlyList<VmaView> All(MemorySystem mem, AddressSpace space)
    {
        List<VmaView> vmas = [];
        foreach (Vma vma in space.Vmas)
        {
            vmas.Add(At(mem, vma));
        }

        return vmas;
    }

    /// <summary>One mapping.</summary>
    public static VmaView At(MemorySystem mem, Vma vma)
    {
        MapsLine line = MapsLine.Of(vma);
        Tally tally = Count(mem, vma);
        return new VmaView(vma.Space.Tag.Id, vma.Range, vma.Flags)
        {
            Name = line.Name,
            Offset = line.Offset,
            MapsLine = line.ToString(),
            HasFile = !vma.IsAnonymous,
            IsHeap = vma.IsAnonymous && vma.Range.Overlaps(new VirtRange(vma.Space.BrkStart, vma.Space.Brk)),
            Volatile = vma.Has(VmFlags.Volatile) ? [(vma.Range, tally.Purged > 0)] : VolatileIn(vma),
            ResidentPages = tally.Resident,
            SwapPages = tally.Swapped,
            PurgedPages = tally.Purged,
            LazyFreePages = tally.LazyFree,
        };
    }

    private static List<(VirtRange Range, bool Purged)> VolatileIn(Vma vma)
    {
        List<(VirtRange Range, bool Purged)> found = [];
        foreach (VmaMark mark in VmaMarks.Of(vma))
        {
            found.Add((mark.Range, mark.Purged));
        }

        return found;
    }

    private static Tally Count(MemorySystem mem, Vma vma)
    {
        Tally tally = default;
        TableCursor cursor = mem.Editor.Over(vma.Space.Tables, vma.Range);
        while (cursor.MoveNext())
        {
            if (!cursor.TryPte(out PteSlot at) || SoftPteFormat.IsSpecial(at.Entry))
            {
                continue;
            }

            SoftPteKind kind = mem.SoftPtes.KindOf(at.Entry);
            tally.Swapped += kind == SoftPteKind.Swap ? 1 : 0;
            tally.Purged += kind == SoftPteKind.Purged ? 1 : 0;
            if (SoftPteFormat.HasFrame(at.Entry))
            {
                tally.Resident++;
                tally.LazyFree += mem.Frames.Peek(at.Entry.Frame) is PageFrame { Mapping.IsLazyFree: true } ? 1 : 0;
            }
        }

        return tally;
    }

    private record struct Tally(long Resident, long Swapped, long Purged, long LazyFree);
}
