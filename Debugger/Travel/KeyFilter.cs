using System.Numerics;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Travel;

/// <summary>What a piece of a run has touched, as a filter: it may say yes of what was not touched, never no of what was.</summary>
/// <remarks>A Bloom filter: ten bits a key and three places each, so that one of sixty answers yes is wrong.</remarks>
internal sealed class KeyFilter
{
    private const int BitsPerKey = 10;
    private const int Places = 3;
    private readonly ulong[] _bits;

    /// <summary>The filter whose <see cref="Words"/> these are; their number is one that <see cref="IsLength"/> knows.</summary>
    public KeyFilter(ulong[] words) => _bits = words;

    /// <summary>A filter of <paramref name="keys"/>.</summary>
    public KeyFilter(IReadOnlyCollection<ulong> keys)
    {
        _bits = keys.Count == 0 ? [] : new ulong[BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, keys.Count * BitsPerKey / 64))];
        foreach (ulong key in keys)
        {
            for (int place = 0; place < Places; place++)
            {
                _bits[WordOf(key, place)] |= BitOf(key, place);
            }
        }
    }

    /// <summary>Says yes of everything.</summary>
    public static KeyFilter All { get; } = new([ulong.MaxValue]);

    /// <summary>Whether a filter can have as many words.</summary>
    public static bool IsLength(int words) => words == 0 || BitOperations.IsPow2(words);

    /// <summary>Its words; none when nothing was touched.</summary>
    public IReadOnlyList<ulong> Words => _bits;

    /// <summary>The key of the page-table entry at <paramref name="slot"/>.</summary>
    public static ulong Entry(PhysAddr slot) => (slot.Raw & ~7UL) | 1;

    /// <summary>The key of a frame.</summary>
    public static ulong Frame(Pfn frame) => (frame.Raw << 3) | 2;

    /// <summary>The key of a page of an address space.</summary>
    public static ulong Page(int space, VirtAddr address) => ((address.Raw >> 12 << 16) ^ (ulong)space) << 3 | 4;

    /// <summary>True when <paramref name="key"/> may be one of the keys.</summary>
    public bool MayHold(ulong key)
    {
        if (_bits.Length == 0)
        {
            return false;
        }

        for (int place = 0; place < Places; place++)
        {
            if ((_bits[WordOf(key, place)] & BitOf(key, place)) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private int WordOf(ulong key, int place) => (int)(Mix(key, place) >> 6) & (_bits.Length - 1);

    private static ulong BitOf(ulong key, int place) => 1UL << (int)(Mix(key, place) & 63);

    private static ulong Mix(ulong key, int place)
    {
        ulong mixed = (key + ((ulong)place * 0x9E37_79B9_7F4A_7C15)) * 0xBF58_476D_1CE4_E5B9;
        return (mixed ^ (mixed >> 29)) >> 8;
    }
}
