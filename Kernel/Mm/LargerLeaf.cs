using System.Diagnostics;
using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Kernel.Mm;

/// <summary>What the verbs do with a leaf of more than 4 KiB: it is changed whole, with one flush, and counts as no page of anybody's.</summary>
internal static class LargerLeaf
{
    /// <summary>Puts <paramref name="entry"/> in its place; it lies wholly in <paramref name="range"/>.</summary>
    /// <exception cref="UnreachableException">It sticks out: nobody splits leaves, so nobody may make one that a mapping can cut.</exception>
    internal static void Write(MemorySystem mem, in TableEntry at, VirtRange range, Pte entry, TlbGather gather)
    {
        if (!range.Contains(at.Range))
        {
            throw new UnreachableException($"The {at.Level.EntryName()} of {at.Range} sticks out of {range}.");
        }

        _ = mem.Editor.Write(at, entry, gather);
    }
}
