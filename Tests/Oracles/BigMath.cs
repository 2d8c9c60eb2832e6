using System.Numerics;

namespace MmuEmu.Tests.Oracles;

/// <summary>Elementary functions in fixed point with 400 bits behind the point, by other means than the core's where there are
/// others: logarithm and arc tangent are inverses by Newton's rule.</summary>
public static class BigMath
{
    /// <summary>Bits behind the point.</summary>
    public const int Bits = 400;

    private static readonly BigInteger One = BigInteger.One << Bits;

    /// <summary>The pi of 66 bits that the x87 reduces its arguments by.</summary>
    private static readonly BigInteger ShortPi = ((new BigInteger(3) << 64) + 0x243F_6A88_85A3_08D3) << (Bits - 64);

    private static readonly BigInteger Ln2 = -LnNear(One >> 1);

    /// <summary>significand * 2^exponent; exact for exponents above -400.</summary>
    public static BigInteger Of(BigInteger significand, int exponent) =>
        exponent + Bits >= 0 ? significand << (exponent + Bits) : significand >> -(exponent + Bits);

    /// <summary>What FSIN, FCOS and FPTAN compute: of the argument less the nearest multiple of half that pi.</summary>
    public static (BigInteger Sine, BigInteger Cosine, BigInteger Tangent) Circle(BigInteger x)
    {
        BigInteger half = ShortPi >> 1;
        BigInteger count = BigInteger.Divide((2 * x) + (x.Sign * half), 2 * half);
        BigInteger rest = x - (count * half);
        BigInteger sine = Series(rest, rest, 1, -1);
        BigInteger cosine = Series(One, rest, 0, -1);
        (sine, cosine) = (int)(count & 3) switch
        {
            0 => (sine, cosine),
            1 => (cosine, -sine),
            2 => (-sine, -cosine),
            _ => (-cosine, sine),
        };
        return (sine, cosine, Divide(sine, cosine));
    }

    /// <summary>2^x - 1.</summary>
    public static BigInteger Exp2Minus1(BigInteger x) => Exp(Multiply(x, Ln2)) - One;

    /// <summary>log2 x.</summary>
    public static BigInteger Log2(BigInteger x) => Divide(Ln(x), Ln2);

    /// <summary>log2 (1 + x).</summary>
    public static BigInteger Log2Plus1(BigInteger x) => Log2(x + One);

    /// <summary>The angle of the point (x, y).</summary>
    public static BigInteger Angle(BigInteger y, BigInteger x)
    {
        double guess = Math.Atan2(ToDouble(y), ToDouble(x));
        BigInteger angle = new BigInteger(guess * Math.Pow(2, 60)) << (Bits - 60);
        for (int i = 0; i < 5; i++)
        {
            BigInteger sine = Series(angle, angle, 1, -1);
            BigInteger cosine = Series(One, angle, 0, -1);
            angle += Divide(Multiply(y, cosine) - Multiply(x, sine), Multiply(x, cosine) + Multiply(y, sine));
        }

        return angle;
    }

    /// <summary>a * b.</summary>
    public static BigInteger Multiply(BigInteger a, BigInteger b) => (a * b) >> Bits;

    private static BigInteger Divide(BigInteger a, BigInteger b) => (a << Bits) / b;

    private static BigInteger Exp(BigInteger y)
    {
        BigInteger sum = One;
        BigInteger term = One;
        for (int n = 1; term != 0 && term != -1; n++)
        {
            term = Multiply(term, y) / n;
            sum += term;
        }

        return sum;
    }

    private static BigInteger Ln(BigInteger x)
    {
        int scale = (int)x.GetBitLength() - Bits;
        BigInteger near = scale >= 0 ? x >> scale : x << -scale;
        return LnNear(near) + (scale * Ln2);
    }

    /// <summary>The logarithm of a number from 1/2 to 1, or close to 1.</summary>
    private static BigInteger LnNear(BigInteger x)
    {
        BigInteger log = new BigInteger(Math.Log(ToDouble(x)) * Math.Pow(2, 60)) << (Bits - 60);
        for (int i = 0; i < 5; i++)
        {
            BigInteger power = Exp(log);
            log += Divide((x - power) << 1, x + power);
        }

        return log;
    }

    private static BigInteger Series(BigInteger first, BigInteger x, int n, int sign)
    {
        BigInteger square = sign * Multiply(x, x);
        BigInteger sum = first;
        BigInteger term = first;
        while (BigInteger.Abs(term) > 1)
        {
            term = Multiply(term, square) / ((n + 1) * (n + 2));
            sum += term;
            n += 2;
        }

        return sum;
    }

    private static double ToDouble(BigInteger value) => Math.Exp(BigInteger.Log(BigInteger.Abs(value)) - (Bits * Math.Log(2))) * value.Sign;
}
