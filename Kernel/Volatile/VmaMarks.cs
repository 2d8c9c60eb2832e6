using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Volatile;

/// <summary>A part of a mapping that is volatile.</summary>
/// <param name="Range">Where.</param>
/// <param name="Purged">A page of the range that it belongs to was purged.</param>
/// <param name="OfFile">The mark is the file's, and holds for all who share it; else the process's own.</param>
internal readonly record struct VmaMark(VirtRange Range, bool Purged, bool OfFile);

/// <summary>The volatile parts of one mapping as its process sees them.</summary>
internal static class VmaMarks
{
    /// <summary>The process's own marks, lowest first, then those of the file that it shares.</summary>
    public static List<VmaMark> Of(Vma vma)
    {
        List<VmaMark> found = [];
        if (vma.Space.Volatile is SpaceRanges own)
        {
            Add(own.Tree, new ByteInterval(vma.Start.Raw, vma.End.Raw - 1), vma.Start, false, found);
        }

        if (vma.SharedRanges() is FileRanges file)
        {
            Add(file.Tree, ByteInterval.Of(file.KeyOf(vma, vma.Start), vma.End.Raw - vma.Start.Raw), vma.Start, true, found);
        }

        return found;
    }

    private static void Add(VolatileTree tree, ByteInterval whole, VirtAddr start, bool ofFile, List<VmaMark> found)
    {
        for (int at = tree.IndexAtOrAbove(whole.First); at < tree.Count && tree[at].Bytes.Overlaps(whole); at++)
        {
            ByteInterval bytes = tree[at].Bytes.Intersect(whole);
            found.Add(new VmaMark(VirtRange.Of(start + (bytes.First - whole.First), bytes.LengthBytes), tree[at].Purged, ofFile));
        }
    }
}
