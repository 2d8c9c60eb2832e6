namespace MmuEmu.Emulator.Interpreter.SoftFloat;

/// <summary>Rounding control, as MXCSR.RC and FCW.RC encode it.</summary>
internal enum FpRounding : byte
{
    /// <summary>To nearest, ties to even.</summary>
    Nearest,

    /// <summary>Toward minus infinity.</summary>
    Down,

    /// <summary>Toward plus infinity.</summary>
    Up,

    /// <summary>Toward zero.</summary>
    Zero,
}

/// <summary>Exception flags; MXCSR and the x87 status word agree on their bits.</summary>
internal static class FpFlags
{
    /// <summary>Invalid operation.</summary>
    public const uint IE = 1;

    /// <summary>Denormal operand.</summary>
    public const uint DE = 2;

    /// <summary>Division by zero.</summary>
    public const uint ZE = 4;

    /// <summary>Overflow.</summary>
    public const uint OE = 8;

    /// <summary>Underflow.</summary>
    public const uint UE = 16;

    /// <summary>Precision: the result is inexact.</summary>
    public const uint PE = 32;

    /// <summary>Those found before computing; when one of them is unmasked, the others are not looked for.</summary>
    public const uint BeforeComputing = IE | DE | ZE;

    /// <summary>All six.</summary>
    public const uint All = 63;
}

/// <summary>The rules an operation works under, and the flags it raises.</summary>
internal struct FpContext
{
    /// <summary>Rounding control.</summary>
    public FpRounding Rounding;

    /// <summary>Exceptions that are masked.</summary>
    public uint Masked;

    /// <summary>Exceptions raised so far.</summary>
    public uint Flags;

    /// <summary>What to take off (overflow) or add (underflow) to the exponent when the exception is unmasked; x87 only.</summary>
    public int Wrap;

    /// <summary>The last rounding made the magnitude greater: x87 C1.</summary>
    public bool RoundedUp;

    /// <summary>MXCSR.FTZ: a tiny result becomes zero.</summary>
    public bool FlushToZero;

    /// <summary>MXCSR.DAZ: a denormal operand counts as zero.</summary>
    public bool DenormalsAreZero;

    /// <summary>The context that an MXCSR value asks for.</summary>
    public static FpContext OfMxcsr(uint mxcsr) => new()
    {
        Rounding = (FpRounding)((mxcsr >> 13) & 3),
        Masked = (mxcsr >> 7) & FpFlags.All,
        FlushToZero = (mxcsr & 0x8000) != 0,
        DenormalsAreZero = (mxcsr & 0x40) != 0,
    };

    /// <summary>All exceptions masked, rounding to nearest, denormals as they are: what the host's own arithmetic does.</summary>
    public readonly bool IsUsual => Masked == FpFlags.All && Rounding == FpRounding.Nearest && !FlushToZero && !DenormalsAreZero;

    /// <summary>Exceptions raised and not masked.</summary>
    public readonly uint Unmasked => Flags & ~Masked;

    /// <summary>The flags to report: an unmasked exception before computing hides what computing would have raised.</summary>
    public readonly uint Reported => (Unmasked & FpFlags.BeforeComputing) != 0 ? Flags & FpFlags.BeforeComputing : Flags;
}
