using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Fpu;

/// <summary>A memory operand of the x87 as a type argument.</summary>
internal unsafe interface IX87Source
{
    /// <summary>Its size.</summary>
    static abstract int Bytes { get; }

    /// <summary>Its value; exact.</summary>
    static abstract FpNumber Read(byte* from);
}

/// <summary>A single.</summary>
internal readonly unsafe struct Real32 : IX87Source
{
    public static int Bytes => 4;

    public static FpNumber Read(byte* from) => FpCodec.Unpack<SingleFormat>(*(uint*)from);
}

/// <summary>A double.</summary>
internal readonly unsafe struct Real64 : IX87Source
{
    public static int Bytes => 8;

    public static FpNumber Read(byte* from) => FpCodec.Unpack<DoubleFormat>(*(ulong*)from);
}

/// <summary>A 16-bit integer.</summary>
internal readonly unsafe struct Integer16 : IX87Source
{
    public static int Bytes => 2;

    public static FpNumber Read(byte* from) => FpConvert.FromInteger(*(short*)from);
}

/// <summary>A 32-bit integer.</summary>
internal readonly unsafe struct Integer32 : IX87Source
{
    public static int Bytes => 4;

    public static FpNumber Read(byte* from) => FpConvert.FromInteger(*(int*)from);
}

/// <summary>A 64-bit integer.</summary>
internal readonly unsafe struct Integer64 : IX87Source
{
    public static int Bytes => 8;

    public static FpNumber Read(byte* from) => FpConvert.FromInteger(*(long*)from);
}
