using System.Numerics;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Four rounds of SHA-1: A to D in the destination, E added to the first word of the source, the function by the immediate.</summary>
/// <remarks>Word 3 is the first. Source: [FIPS 180-4 "SHA-1"], [SDM2 "SHA1RNDS4"].</remarks>
internal readonly struct Sha1Rounds : SseShuffles.IShuffle
{
    public static V Apply(V a, V b, uint order)
    {
        Vector128<uint> state = a.AsUInt32();
        (uint w, uint x, uint y, uint z, uint e) = (state[3], state[2], state[1], state[0], 0u);
        uint constant = (order & 3) switch { 0 => 0x5A82_7999u, 1 => 0x6ED9_EBA1u, 2 => 0x8F1B_BCDCu, _ => 0xCA62_C1D6u };
        for (int i = 3; i >= 0; i--)
        {
            uint next = Mix(order & 3, x, y, z) + BitOperations.RotateLeft(w, 5) + b.AsUInt32()[i] + e + constant;
            (e, z, y, x, w) = (z, y, BitOperations.RotateLeft(x, 30), w, next);
        }

        return Vector128.Create(z, y, x, w).AsByte();
    }

    private static uint Mix(uint function, uint b, uint c, uint d) => function switch
    {
        0 => (b & c) ^ (~b & d),
        2 => (b & c) ^ (b & d) ^ (c & d),
        _ => b ^ c ^ d,
    };
}

/// <summary>E of the next four rounds added to the first word of the source.</summary>
internal readonly struct Sha1NextE : IVectorOp
{
    public static V Apply(V a, V b) =>
        b.AsUInt32().WithElement(3, b.AsUInt32()[3] + BitOperations.RotateLeft(a.AsUInt32()[3], 30)).AsByte();
}

/// <summary>First part of four words of SHA-1's message schedule.</summary>
internal readonly struct Sha1Message1 : IVectorOp
{
    public static V Apply(V a, V b) => a ^ Vector128.Create(b.GetUpper(), a.GetLower());
}

/// <summary>Last part: each word turned left; the fourth takes the first.</summary>
internal readonly struct Sha1Message2 : IVectorOp
{
    public static V Apply(V a, V b)
    {
        (Vector128<uint> x, Vector128<uint> y) = (a.AsUInt32(), b.AsUInt32());
        uint first = BitOperations.RotateLeft(x[3] ^ y[2], 1);
        uint second = BitOperations.RotateLeft(x[2] ^ y[1], 1);
        uint third = BitOperations.RotateLeft(x[1] ^ y[0], 1);
        return Vector128.Create(BitOperations.RotateLeft(x[0] ^ first, 1), third, second, first).AsByte();
    }
}

/// <summary>Two rounds of SHA-256: C, D, G, H in the destination, A, B, E, F in the source, the words plus constants third.</summary>
/// <remarks>Source: [FIPS 180-4 "SHA-256"], [SDM2 "SHA256RNDS2"].</remarks>
internal readonly struct Sha256Rounds : ISelectOp
{
    public static V Apply(V a, V b, V third)
    {
        (Vector128<uint> old, Vector128<uint> next) = (a.AsUInt32(), b.AsUInt32());
        (uint p, uint q, uint r, uint s) = (next[3], next[2], old[3], old[2]);
        (uint e, uint f, uint g, uint h) = (next[1], next[0], old[1], old[0]);
        for (int i = 0; i < 2; i++)
        {
            uint mixed = h + ((e & f) ^ (~e & g)) + Turn(e, 6, 11, 25) + third.AsUInt32()[i];
            uint top = mixed + ((p & q) ^ (p & r) ^ (q & r)) + Turn(p, 2, 13, 22);
            (h, g, f, e) = (g, f, e, s + mixed);
            (s, r, q, p) = (r, q, p, top);
        }

        return Vector128.Create(f, e, q, p).AsByte();
    }

    private static uint Turn(uint x, int first, int second, int third) =>
        BitOperations.RotateRight(x, first) ^ BitOperations.RotateRight(x, second) ^ BitOperations.RotateRight(x, third);
}

/// <summary>First part of four words of SHA-256's message schedule.</summary>
internal readonly struct Sha256Message1 : IVectorOp
{
    public static V Apply(V a, V b)
    {
        Vector128<uint> x = a.AsUInt32();
        Vector128<uint> shifted = Vector128.Create(x[1], x[2], x[3], b.AsUInt32()[0]);
        return (x + (Turn(shifted, 7) ^ Turn(shifted, 18) ^ (shifted >>> 3))).AsByte();
    }

    private static Vector128<uint> Turn(Vector128<uint> x, int count) => (x >>> count) | (x << (32 - count));
}

/// <summary>Last part: the third and fourth word take the first and second.</summary>
internal readonly struct Sha256Message2 : IVectorOp
{
    public static V Apply(V a, V b)
    {
        (Vector128<uint> x, Vector128<uint> y) = (a.AsUInt32(), b.AsUInt32());
        uint first = x[0] + Mix(y[2]);
        uint second = x[1] + Mix(y[3]);
        return Vector128.Create(first, second, x[2] + Mix(first), x[3] + Mix(second)).AsByte();
    }

    private static uint Mix(uint x) => BitOperations.RotateRight(x, 17) ^ BitOperations.RotateRight(x, 19) ^ (x >> 10);
}
