using System.Numerics;

namespace MmuEmu.Emulator.Interpreter.SoftFloat;

/// <summary>The 80-bit format: sign, 15 bits of exponent, 64 bits of significand with an explicit integer bit.</summary>
/// <remarks>
/// <code>
///  exponent   integer bit  fraction    is
///  7FFF       1            0           infinity
///  7FFF       1            else        NaN
///  7FFF       0            any         unsupported
///  1..7FFE    1            any         normal
///  1..7FFE    0            any         unsupported (unnormal)
///  0          any          not 0       denormal (pseudo-denormal with the integer bit)
/// </code>
/// Source: [SDM1 "Double Extended-Precision", "Unsupported Double Extended-Precision Floating-Point Encodings"].
/// </remarks>
internal static unsafe class FpExtended
{
    /// <summary>Exponent field of 1.0.</summary>
    public const int Bias = 16383;

    private const int Special = 0x7FFF;

    /// <summary>Takes ten bytes apart.</summary>
    public static FpNumber Load(byte* from)
    {
        ulong significand = *(ulong*)from;
        int high = *(ushort*)(from + 8);
        bool negative = high >> 15 != 0;
        int field = high & Special;
        bool integer = significand >> 63 != 0;
        if (field != 0 && !integer)
        {
            return new FpNumber(FpKind.Unsupported, negative, 0, significand);
        }

        if (field == Special)
        {
            FpKind kind = significand << 1 == 0 ? FpKind.Infinity : (significand << 1 >> 63) != 0 ? FpKind.QuietNan : FpKind.SignalingNan;
            return new FpNumber(kind, negative, 0, significand);
        }

        if (field != 0)
        {
            return new FpNumber(FpKind.Finite, negative, field - Bias, significand);
        }

        if (significand == 0)
        {
            return FpNumber.Zero(negative);
        }

        int left = BitOperations.LeadingZeroCount(significand);
        return new FpNumber(FpKind.Finite, negative, 1 - Bias - left, significand << left) { Denormal = true };
    }

    /// <summary>Puts a rounded result into ten bytes.</summary>
    public static void Store(byte* to, in FpNumber number)
    {
        int field = number.Kind switch
        {
            FpKind.Zero => 0,
            FpKind.Finite => number.Significand >> 63 == 0 ? 0 : number.Exponent + Bias,
            _ => Special,
        };
        *(ulong*)to = number.Significand;
        *(ushort*)(to + 8) = (ushort)(field | (number.Negative ? 0x8000 : 0));
    }
}
