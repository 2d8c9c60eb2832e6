using System.Runtime.CompilerServices;

namespace MmuEmu.Emulator.Interpreter.Ops;

/// <summary>An operand width as a type argument, so that each handler is compiled for its width.</summary>
internal unsafe interface IWidth
{
    /// <summary>1, 2, 4 or 8.</summary>
    static abstract int Bytes { get; }

    /// <summary>64 minus the width in bits: the shift that aligns a value left.</summary>
    static abstract int Shift { get; }

    /// <summary>Reads a register or memory operand, zero-extended.</summary>
    static abstract ulong Read(byte* from);

    /// <summary>Writes a memory operand: exactly <see cref="Bytes"/> bytes.</summary>
    static abstract void Write(byte* to, ulong value);

    /// <summary>Writes a register operand: a 32-bit write clears the upper half, narrower ones keep it.</summary>
    static abstract void WriteRegister(byte* to, ulong value);
}

/// <summary>8 bits.</summary>
internal readonly unsafe struct W8 : IWidth
{
    public static int Bytes => 1;

    public static int Shift => 56;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(byte* from) => *from;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(byte* to, ulong value) => *to = (byte)value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteRegister(byte* to, ulong value) => *to = (byte)value;
}

/// <summary>16 bits.</summary>
internal readonly unsafe struct W16 : IWidth
{
    public static int Bytes => 2;

    public static int Shift => 48;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(byte* from) => *(ushort*)from;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(byte* to, ulong value) => *(ushort*)to = (ushort)value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteRegister(byte* to, ulong value) => *(ushort*)to = (ushort)value;
}

/// <summary>32 bits.</summary>
internal readonly unsafe struct W32 : IWidth
{
    public static int Bytes => 4;

    public static int Shift => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(byte* from) => *(uint*)from;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(byte* to, ulong value) => *(uint*)to = (uint)value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteRegister(byte* to, ulong value) => *(ulong*)to = (uint)value;
}

/// <summary>64 bits.</summary>
internal readonly unsafe struct W64 : IWidth
{
    public static int Bytes => 8;

    public static int Shift => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(byte* from) => *(ulong*)from;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(byte* to, ulong value) => *(ulong*)to = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteRegister(byte* to, ulong value) => *(ulong*)to = value;
}
