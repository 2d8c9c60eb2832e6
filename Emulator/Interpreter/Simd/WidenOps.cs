using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>What an instruction computes that reads less of its source than it writes.</summary>
internal interface IWidenOp
{
    /// <summary>Bytes of the source that make one lane of 128 bits.</summary>
    static abstract int Bytes { get; }

    /// <summary>The lane that the low bytes of <paramref name="source"/> make; what is above them does not count.</summary>
    static abstract V Apply(V source);
}

/// <summary>Signed bytes to words.</summary>
internal readonly struct SignBytesToWords : IWidenOp
{
    public static int Bytes => 8;

    public static V Apply(V source) => Vector128.WidenLower(source.AsSByte()).AsByte();
}

/// <summary>Signed bytes to doublewords.</summary>
internal readonly struct SignBytesToDoublewords : IWidenOp
{
    public static int Bytes => 4;

    public static V Apply(V source) => SignWordsToDoublewords.Apply(SignBytesToWords.Apply(source));
}

/// <summary>Signed bytes to quadwords.</summary>
internal readonly struct SignBytesToQuadwords : IWidenOp
{
    public static int Bytes => 2;

    public static V Apply(V source) => SignDoublewordsToQuadwords.Apply(SignBytesToDoublewords.Apply(source));
}

/// <summary>Signed words to doublewords.</summary>
internal readonly struct SignWordsToDoublewords : IWidenOp
{
    public static int Bytes => 8;

    public static V Apply(V source) => Vector128.WidenLower(source.AsInt16()).AsByte();
}

/// <summary>Signed words to quadwords.</summary>
internal readonly struct SignWordsToQuadwords : IWidenOp
{
    public static int Bytes => 4;

    public static V Apply(V source) => SignDoublewordsToQuadwords.Apply(SignWordsToDoublewords.Apply(source));
}

/// <summary>Signed doublewords to quadwords.</summary>
internal readonly struct SignDoublewordsToQuadwords : IWidenOp
{
    public static int Bytes => 8;

    public static V Apply(V source) => Vector128.WidenLower(source.AsInt32()).AsByte();
}

/// <summary>Unsigned bytes to words.</summary>
internal readonly struct ZeroBytesToWords : IWidenOp
{
    public static int Bytes => 8;

    public static V Apply(V source) => Vector128.WidenLower(source).AsByte();
}

/// <summary>Unsigned bytes to doublewords.</summary>
internal readonly struct ZeroBytesToDoublewords : IWidenOp
{
    public static int Bytes => 4;

    public static V Apply(V source) => ZeroWordsToDoublewords.Apply(ZeroBytesToWords.Apply(source));
}

/// <summary>Unsigned bytes to quadwords.</summary>
internal readonly struct ZeroBytesToQuadwords : IWidenOp
{
    public static int Bytes => 2;

    public static V Apply(V source) => ZeroDoublewordsToQuadwords.Apply(ZeroBytesToDoublewords.Apply(source));
}

/// <summary>Unsigned words to doublewords.</summary>
internal readonly struct ZeroWordsToDoublewords : IWidenOp
{
    public static int Bytes => 8;

    public static V Apply(V source) => Vector128.WidenLower(source.AsUInt16()).AsByte();
}

/// <summary>Unsigned words to quadwords.</summary>
internal readonly struct ZeroWordsToQuadwords : IWidenOp
{
    public static int Bytes => 4;

    public static V Apply(V source) => ZeroDoublewordsToQuadwords.Apply(ZeroWordsToDoublewords.Apply(source));
}

/// <summary>Unsigned doublewords to quadwords.</summary>
internal readonly struct ZeroDoublewordsToQuadwords : IWidenOp
{
    public static int Bytes => 8;

    public static V Apply(V source) => Vector128.WidenLower(source.AsUInt32()).AsByte();
}

/// <summary>The low quadword twice.</summary>
internal readonly struct WidenLow : IWidenOp
{
    public static int Bytes => 8;

    public static V Apply(V source) => DuplicateLow.Apply(source, source);
}
