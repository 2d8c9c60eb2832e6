using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Paging;

/// <summary>Reads paging structures as the processor does.</summary>
public static class PageWalker
{
    /// <summary>Walks the tables for <paramref name="access"/>; reads RAM, writes nothing.</summary>
    /// <param name="ram">Guest RAM.</param>
    /// <param name="mode">CR0, CR3, CR4, EFER, PKRU and AC as they stand.</param>
    /// <param name="start">The table to begin with.</param>
    /// <param name="access">The address and what is wanted of it; the address is canonical.</param>
    /// <param name="path">Out: the entries read, highest first; also filled when the walk faults.</param>
    /// <param name="leaf">Out: the leaf when one was reached, even one whose rights refuse the access.</param>
    /// <param name="fault">Out: the #PF to deliver, when the result is false.</param>
    /// <returns>True when a leaf was reached and every right was there.</returns>
    /// <remarks>
    /// Order per level: P, then reserved bits, then down; rights only at the end, over all levels (P-011).
    /// Setting accessed and dirty bits is <see cref="AccessedDirty"/>'s part. Source: [SDM3 Paging, "4-Level Paging and 5-Level Paging"].
    /// </remarks>
    public static bool TryWalk(
        PhysicalMemory ram, in PagingMode mode, in WalkStart start, in Access access,
        out WalkPath path, out Leaf leaf, out PageFault fault) =>
        TryWalk(new RamEntries(ram), mode, start, access, out path, out leaf, out fault);

    /// <summary>Where a byte lies as the tables stand, whatever the rights: a walk that notes nothing on its way. For views; reads RAM, writes nothing.</summary>
    /// <param name="ram">Guest RAM.</param>
    /// <param name="mode">As for a walk.</param>
    /// <param name="address">The address; it is canonical.</param>
    /// <param name="where">Out: the physical address of its byte, when the result is true.</param>
    /// <returns>True when a leaf was reached.</returns>
    public static bool TryFind(PhysicalMemory ram, in PagingMode mode, VirtAddr address, out PhysAddr where)
    {
        where = default;
        ulong suspect = ReservedBits.MaskOf(mode, PagingLevel.Pt, default) | (ulong)(PteBits.PS | PteBits.G);
        Pfn table = mode.Root;
        for (PagingLevel level = mode.RootLevel; ; level--)
        {
            Pte entry = new(ram.ReadUInt64(table.EntryAt(level.IndexOf(address))));
            if (!entry.Present || ((entry.Raw & suspect) != 0 && (entry.Raw & ReservedBits.MaskOf(mode, level, entry)) != 0))
            {
                return false;
            }

            if (entry.IsLeafAt(level))
            {
                PageSize size = level.LeafSize();
                where = entry.LeafFrame(size).Base + (address.Raw & (size.Bytes() - 1));
                return true;
            }

            table = entry.Frame;
        }
    }

    /// <summary>The same walk over memory of the caller's, such as an image of another machine's.</summary>
    /// <param name="memory">Where the entries lie.</param>
    /// <param name="mode">CR0, CR3, CR4, EFER, PKRU and AC as they stand.</param>
    /// <param name="start">The table to begin with.</param>
    /// <param name="access">The address and what is wanted of it; the address is canonical.</param>
    /// <param name="path">Out: the entries read, highest first; also filled when the walk faults.</param>
    /// <param name="leaf">Out: the leaf when one was reached, even one whose rights refuse the access.</param>
    /// <param name="fault">Out: the #PF to deliver, when the result is false.</param>
    /// <returns>True when a leaf was reached and every right was there.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWalk<TMemory>(
        TMemory memory, in PagingMode mode, in WalkStart start, in Access access,
        out WalkPath path, out Leaf leaf, out PageFault fault)
        where TMemory : struct, IEntryReader
    {
        Unsafe.SkipInit(out path);
        path.Clear();
        leaf = default;
        Pfn table = start.Table;
        Rights rights = start.Rights;
        ulong always = ReservedBits.MaskOf(mode, PagingLevel.Pt, default);
        ulong suspect = always | (ulong)(PteBits.PS | PteBits.G);

        for (PagingLevel level = start.Level; ; level--)
        {
            PhysAddr slot = table.EntryAt(level.IndexOf(access.Address));
            Pte entry = new(memory.ReadUInt64(slot));
            path.Add(new WalkStep(level, slot, entry));

            if (!entry.Present)
            {
                fault = AccessRules.FaultOf(access, mode, PageFaultCode.None);
                return false;
            }

            // PS and G are the only bits whose being reserved depends on the level and the entry.
            if ((entry.Raw & suspect) != 0 && (entry.Raw & ReservedBits.MaskOf(mode, level, entry)) != 0)
            {
                fault = AccessRules.FaultOf(access, mode, PageFaultCode.P | PageFaultCode.Rsvd);
                return false;
            }

            rights = rights.Narrow(entry);
            if (entry.IsLeafAt(level))
            {
                leaf = new Leaf(level.LeafSize(), entry, rights);
                return AccessRules.TryPass(access, mode, rights, entry.ProtectionKey, out fault);
            }

            table = entry.Frame;
        }
    }
}
