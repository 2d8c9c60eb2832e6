using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Paging;

namespace MmuEmu.Emulator.Tlb;

/// <summary>A place for one entry of an array, and what finding and replacing it needs.</summary>
internal struct TlbSlot
{
    /// <summary>The entry's tag; 0 while the slot is empty.</summary>
    public ulong Tag;

    /// <summary>The entry's value; means nothing while the slot is empty.</summary>
    public ulong Value;

    /// <summary>When it was used last, in uses of the array.</summary>
    public ulong Stamp;

    /// <summary>The next slot of the same hash, or -1; of an empty slot of an endless array, the next empty one.</summary>
    public int Chain;

    /// <summary>The slot before in the list of the entry's owner; the complement of the list's number in the first.</summary>
    public int OwnerBefore;

    /// <summary>The slot after in the list of the entry's owner, or -1.</summary>
    public int OwnerNext;

    /// <summary>The entry, while there is one.</summary>
    public readonly TlbEntry Entry => new(Tag, Value);

    /// <summary>True when the slot is the answer to a look-up of a tag that has the same hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Answers(ulong tag)
    {
        ulong differs = Tag ^ tag;
        return differs == 0 || ((Value & (ulong)PteBits.G) != 0 && differs <= TlbEntry.PcidField);
    }
}
