using System.Numerics;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>The comparison that PCMPESTRI and its kin make, one bit for each element of the second string.</summary>
/// <remarks>
/// <code>
///  immediate  1:0  unsigned bytes, unsigned words, signed bytes, signed words
///             3:2  equal any, ranges, equal each, equal ordered
///             5:4  as is, negated, as is, negated where the second string is valid
///               6  index: the last bit, not the first; mask: whole elements, not bits
/// </code>
/// Source: [SDM1 "String and Text Processing Instructions", "PCMPxSTRx"].
/// </remarks>
internal static class StringCompare
{
    private const uint WordsBit = 1;
    private const uint SignedBit = 2;
    private const uint NegatedBit = 16;
    private const uint ValidOnlyBit = 32;

    /// <summary>Elements in a vector: 8 words or 16 bytes.</summary>
    public static int ElementsOf(uint control) => (control & WordsBit) != 0 ? 8 : 16;

    /// <summary>The length up to the first zero element.</summary>
    public static int ImplicitLength(V text, uint control)
    {
        uint zeros = (control & WordsBit) != 0
            ? Vector128.Equals(text.AsUInt16(), Vector128<ushort>.Zero).ExtractMostSignificantBits()
            : Vector128.Equals(text, V.Zero).ExtractMostSignificantBits();
        return Math.Min(BitOperations.TrailingZeroCount(zeros), ElementsOf(control));
    }

    /// <summary>A register's length: its magnitude, at most the number of elements.</summary>
    public static int ExplicitLength(long length, uint control)
    {
        ulong magnitude = length < 0 ? 0 - (ulong)length : (ulong)length;
        return (int)Math.Min(magnitude, (ulong)ElementsOf(control));
    }

    /// <summary>The result after its polarity (the manual's IntRes2) of strings with these lengths.</summary>
    public static uint Apply(V a, int lengthA, V b, int lengthB, uint control)
    {
        uint result = (control & (WordsBit | SignedBit)) switch
        {
            0 => Aggregate(a, lengthA, b, lengthB, control),
            WordsBit => Aggregate(a.AsUInt16(), lengthA, b.AsUInt16(), lengthB, control),
            SignedBit => Aggregate(a.AsSByte(), lengthA, b.AsSByte(), lengthB, control),
            _ => Aggregate(a.AsInt16(), lengthA, b.AsInt16(), lengthB, control),
        };
        uint negated = (control & NegatedBit) == 0 ? 0 : (control & ValidOnlyBit) == 0 ? Below(ElementsOf(control)) : Below(lengthB);
        return result ^ negated;
    }

    private static uint Aggregate<T>(Vector128<T> a, int lengthA, Vector128<T> b, int lengthB, uint control)
        where T : unmanaged => ((control >> 2) & 3) switch
        {
            0 => EqualAny(a, lengthA, b) & Below(lengthB),
            1 => Ranges(a, lengthA, b) & Below(lengthB),
            2 => EqualEach(a, lengthA, b, lengthB),
            _ => EqualOrdered(a, lengthA, b, lengthB),
        };

    private static uint EqualAny<T>(Vector128<T> a, int lengthA, Vector128<T> b)
        where T : unmanaged
    {
        Vector128<T> found = Vector128<T>.Zero;
        for (int i = 0; i < lengthA; i++)
        {
            found |= Vector128.Equals(b, Vector128.Create(a[i]));
        }

        return found.ExtractMostSignificantBits();
    }

    private static uint Ranges<T>(Vector128<T> a, int lengthA, Vector128<T> b)
        where T : unmanaged
    {
        Vector128<T> found = Vector128<T>.Zero;
        for (int i = 0; i + 1 < lengthA; i += 2)
        {
            found |= Vector128.GreaterThanOrEqual(b, Vector128.Create(a[i])) & Vector128.LessThanOrEqual(b, Vector128.Create(a[i + 1]));
        }

        return found.ExtractMostSignificantBits();
    }

    /// <summary>Equal where both are valid, and true where neither is.</summary>
    private static uint EqualEach<T>(Vector128<T> a, int lengthA, Vector128<T> b, int lengthB)
        where T : unmanaged
    {
        uint equal = Vector128.Equals(a, b).ExtractMostSignificantBits() & Below(Math.Min(lengthA, lengthB));
        return equal | (Below(Vector128<T>.Count) & ~Below(Math.Max(lengthA, lengthB)));
    }

    /// <summary>Bit i: the first string stands at i, as far as the vector reaches.</summary>
    private static uint EqualOrdered<T>(Vector128<T> a, int lengthA, Vector128<T> b, int lengthB)
        where T : unmanaged
    {
        uint all = Below(Vector128<T>.Count);
        uint result = all;
        for (int i = 0; i < lengthA; i++)
        {
            uint equal = Vector128.Equals(b, Vector128.Create(a[i])).ExtractMostSignificantBits() & Below(lengthB);
            result &= (equal | ~all) >> i | ~(all >> i);
        }

        return result;
    }

    private static uint Below(int count) => (1u << count) - 1;
}
