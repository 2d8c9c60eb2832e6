namespace MmuEmu.Emulator.Interpreter.SoftFloat;

/// <summary>16 bits.</summary>
internal readonly struct HalfFormat : IFpFormat
{
    public static FpTarget Target => new(11, -14, 15);

    public static int FractionBits => 10;

    public static int ExponentMask => 0x1F;

    public static int Bytes => 2;
}
