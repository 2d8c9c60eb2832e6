using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>What a two-operand integer operation computes, and which flags it leaves.</summary>
internal unsafe interface IAlu
{
    /// <summary>False for CMP and TEST, which only set flags.</summary>
    static abstract bool Writes { get; }

    /// <summary>True when conditions follow as after CMP of the operands; otherwise, of those that can be fused, as after TEST of the result.</summary>
    static virtual bool Compares => false;

    /// <summary>The result; flags are noted lazily.</summary>
    static abstract ulong Apply<TWidth>(CpuState* s, ulong a, ulong b)
        where TWidth : struct, IWidth;
}

/// <summary>ADD.</summary>
internal readonly unsafe struct Add : IAlu
{
    public static bool Writes => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, ulong b)
        where TWidth : struct, IWidth
    {
        ulong result = a + b;
        Lazy.Note<TWidth>(s, FlagKind.Add, a, b, result);
        return result;
    }
}

/// <summary>SUB.</summary>
internal readonly unsafe struct Sub : IAlu
{
    public static bool Writes => true;

    public static bool Compares => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, ulong b)
        where TWidth : struct, IWidth
    {
        ulong result = a - b;
        Lazy.Note<TWidth>(s, FlagKind.Sub, a, b, result);
        return result;
    }
}

/// <summary>CMP.</summary>
internal readonly unsafe struct Compare : IAlu
{
    public static bool Writes => false;

    public static bool Compares => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, ulong b)
        where TWidth : struct, IWidth => Sub.Apply<TWidth>(s, a, b);
}

/// <summary>ADC.</summary>
internal readonly unsafe struct AddCarry : IAlu
{
    public static bool Writes => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, ulong b)
        where TWidth : struct, IWidth
    {
        bool carryIn = Rflags.Carry(s);
        ulong result = a + b + (carryIn ? 1UL : 0);
        Lazy.Note<TWidth>(s, FlagKind.Carry, a, b, result);
        bool carryOut = carryIn ? s->FlagResult <= s->FlagA : s->FlagResult < s->FlagA;
        s->FlagStash = carryOut ? Rflags.CF : 0;
        return result;
    }
}

/// <summary>SBB.</summary>
internal readonly unsafe struct SubBorrow : IAlu
{
    public static bool Writes => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, ulong b)
        where TWidth : struct, IWidth
    {
        bool borrowIn = Rflags.Carry(s);
        ulong result = a - b - (borrowIn ? 1UL : 0);
        Lazy.Note<TWidth>(s, FlagKind.Borrow, a, b, result);
        bool borrowOut = borrowIn ? s->FlagA <= s->FlagB : s->FlagA < s->FlagB;
        s->FlagStash = borrowOut ? Rflags.CF : 0;
        return result;
    }
}

/// <summary>AND.</summary>
internal readonly unsafe struct And : IAlu
{
    public static bool Writes => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, ulong b)
        where TWidth : struct, IWidth
    {
        ulong result = a & b;
        Lazy.NoteLogic<TWidth>(s, result);
        return result;
    }
}

/// <summary>TEST.</summary>
internal readonly unsafe struct Test : IAlu
{
    public static bool Writes => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, ulong b)
        where TWidth : struct, IWidth => And.Apply<TWidth>(s, a, b);
}

/// <summary>OR.</summary>
internal readonly unsafe struct Or : IAlu
{
    public static bool Writes => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, ulong b)
        where TWidth : struct, IWidth
    {
        ulong result = a | b;
        Lazy.NoteLogic<TWidth>(s, result);
        return result;
    }
}

/// <summary>XOR.</summary>
internal readonly unsafe struct Xor : IAlu
{
    public static bool Writes => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, ulong b)
        where TWidth : struct, IWidth
    {
        ulong result = a ^ b;
        Lazy.NoteLogic<TWidth>(s, result);
        return result;
    }
}
