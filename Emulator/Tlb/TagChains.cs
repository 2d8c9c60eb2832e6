using System.Numerics;
using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Paging;

namespace MmuEmu.Emulator.Tlb;

/// <summary>The slots of one array by the hash of their tags without the PCID; each chain in the order in which its entries came.</summary>
internal struct TagChains
{
    private const int None = SlotLists.None;

    private int[] _buckets;
    private int _shift;

    /// <summary>Chains for an array of that many slots.</summary>
    internal TagChains(int slots)
    {
        int buckets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, slots * 2));
        _buckets = NewBuckets(buckets);
        _shift = 64 - BitOperations.Log2((uint)buckets);
    }

    /// <summary>The first slot that may answer for a tag, or a negative number; the next is its <see cref="TlbSlot.Chain"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int First(ulong tag) => _buckets[BucketOf(tag)];

    /// <summary>Puts a slot with that tag behind the others of its chain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void AddLast(TlbSlot[] slots, int slot, ulong tag)
    {
        ref int link = ref _buckets[BucketOf(tag)];
        while (link >= 0)
        {
            link = ref slots[link].Chain;
        }

        link = slot;
        slots[slot].Chain = None;
    }

    /// <summary>Takes a slot with that tag out of its chain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void Remove(TlbSlot[] slots, int slot, ulong tag)
    {
        ref int link = ref _buckets[BucketOf(tag)];
        while (link != slot)
        {
            link = ref slots[link].Chain;
        }

        link = slots[slot].Chain;
    }

    /// <summary>Finds the entries of one level, whole pages, that an invalidation of one page names.</summary>
    /// <returns>How many <paramref name="named"/> holds then; before it were <paramref name="count"/>.</returns>
    internal readonly int CollectWhole(in TlbInvalidation what, PagingLevel level, TlbSlot[] slots, int[] named, int count)
    {
        ulong tag = TlbEntry.TagOf(what.Address, level, what.Pcid);
        for (int i = First(tag); i >= 0; i = slots[i].Chain)
        {
            TlbEntry entry = slots[i].Entry;
            if ((entry.Tag ^ tag) <= TlbEntry.PcidField && !entry.IsPiece && what.Names(entry))
            {
                named[count++] = i;
            }
        }

        return count;
    }

    /// <summary>Empties the chain of a tag.</summary>
    internal readonly void Clear(ulong tag) => _buckets[BucketOf(tag)] = None;

    /// <summary>Twice as many chains, all empty.</summary>
    internal void Double()
    {
        _buckets = NewBuckets(_buckets.Length * 2);
        _shift--;
    }

    /// <summary>Its state as a value; <paramref name="last"/> is an earlier one to share with.</summary>
    internal readonly ChainsImage Save(ChainsImage? last) => new(ArrayImage.Of(_buckets, last?.Buckets), _shift);

    /// <summary>Takes that state again.</summary>
    internal void Restore(ChainsImage image)
    {
        image.Buckets.CopyTo(ref _buckets);
        _shift = image.Shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int BucketOf(ulong tag) => (int)((tag & ~TlbEntry.PcidField) * 0x9E37_79B9_7F4A_7C15 >> _shift);

    private static int[] NewBuckets(int count)
    {
        int[] buckets = new int[count];
        Array.Fill(buckets, None);
        return buckets;
    }
}
