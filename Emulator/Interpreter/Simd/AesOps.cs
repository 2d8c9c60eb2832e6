using System.Numerics;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>One round of encryption; the source is the round key.</summary>
internal readonly struct AesEncrypt : IVectorOp
{
    public static V Apply(V a, V b) => AesRounds.Encrypt(a) ^ b;
}

/// <summary>The last round of encryption.</summary>
internal readonly struct AesEncryptLast : IVectorOp
{
    public static V Apply(V a, V b) => AesRounds.Substitute(a) ^ b;
}

/// <summary>One round of decryption by the equivalent inverse cipher.</summary>
internal readonly struct AesDecrypt : IVectorOp
{
    public static V Apply(V a, V b) => AesRounds.Decrypt(a) ^ b;
}

/// <summary>The last round of decryption.</summary>
internal readonly struct AesDecryptLast : IVectorOp
{
    public static V Apply(V a, V b) => AesRounds.InverseSubstitute(a) ^ b;
}

/// <summary>Makes a round key of encryption one of decryption.</summary>
internal readonly struct AesInverseMix : IVectorOp
{
    public static V Apply(V a, V b) => AesRounds.InverseMix(b);
}

/// <summary>SubWord, and RotWord with the round constant, of doublewords 1 and 3.</summary>
internal readonly struct AesKeyAssist : SseShuffles.IShuffle
{
    public static V Apply(V a, V b, uint order)
    {
        uint low = AesRounds.SubstituteWord(b.AsUInt32()[1]);
        uint high = AesRounds.SubstituteWord(b.AsUInt32()[3]);
        return Vector128.Create(low, BitOperations.RotateRight(low, 8) ^ order, high, BitOperations.RotateRight(high, 8) ^ order).AsByte();
    }
}
