using System.Numerics;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>An operation with the habit of clearing PF and AF, which the manual leaves undefined.</summary>
internal readonly unsafe struct WithoutParity<TOperation> : IBitOperation
    where TOperation : struct, IBitOperation
{
    public static ulong Apply<TWidth>(CpuState* s, ulong source, ulong register)
        where TWidth : struct, IWidth
    {
        ulong result = TOperation.Apply<TWidth>(s, source, register);
        Rflags.WriteArithmetic(s, Rflags.Read(s) & ~(Rflags.PF | Rflags.AF));
        return result;
    }
}

/// <summary>ANDN: what of the source the register does not have.</summary>
internal readonly unsafe struct AndNot : IBitOperation
{
    public static ulong Apply<TWidth>(CpuState* s, ulong source, ulong register)
        where TWidth : struct, IWidth
    {
        ulong result = ~register & source;
        Lazy.NoteLogic<TWidth>(s, result);
        return result;
    }
}

/// <summary>BEXTR: bits from the start in bits 7:0 of the register on, as many as its bits 15:8 say.</summary>
internal readonly unsafe struct ExtractField : IBitOperation
{
    public static ulong Apply<TWidth>(CpuState* s, ulong source, ulong register)
        where TWidth : struct, IWidth
    {
        int start = (int)(register & 0xFF);
        int length = (int)(register >> 8 & 0xFF);
        ulong field = start < 64 ? source >> start : 0;
        ulong result = length < 64 ? field & ((1UL << length) - 1) : field;

        // Undefined are SF, which is clear, and PF and AF, which WithoutParity clears.
        ulong parity = (BitOperations.PopCount((byte)result) & 1) == 0 ? Rflags.PF : 0;
        Rflags.WriteArithmetic(s, parity | Rflags.AF | (result == 0 ? Rflags.ZF : 0));
        return result;
    }
}

/// <summary>BLSI: the lowest one alone.</summary>
internal readonly unsafe struct IsolateLowest : IBitOperation
{
    public static ulong Apply<TWidth>(CpuState* s, ulong source, ulong register)
        where TWidth : struct, IWidth
    {
        ulong result = source & (0 - source);
        Lazy.NoteStash<TWidth>(s, result, source != 0 ? Rflags.CF : 0);
        return result;
    }
}

/// <summary>BLSMSK: ones up to the lowest one of the source.</summary>
internal readonly unsafe struct MaskToLowest : IBitOperation
{
    public static ulong Apply<TWidth>(CpuState* s, ulong source, ulong register)
        where TWidth : struct, IWidth
    {
        ulong result = source ^ (source - 1);
        Lazy.NoteStash<TWidth>(s, result, source == 0 ? Rflags.CF : 0);
        return result;
    }
}

/// <summary>BLSR: all but the lowest one.</summary>
internal readonly unsafe struct ResetLowest : IBitOperation
{
    public static ulong Apply<TWidth>(CpuState* s, ulong source, ulong register)
        where TWidth : struct, IWidth
    {
        ulong result = source & (source - 1);
        Lazy.NoteStash<TWidth>(s, result, source == 0 ? Rflags.CF : 0);
        return result;
    }
}

/// <summary>BZHI: the bits below the index in bits 7:0 of the register; CF tells that the index reaches beyond the operand.</summary>
internal readonly unsafe struct ZeroHigh : IBitOperation
{
    public static ulong Apply<TWidth>(CpuState* s, ulong source, ulong register)
        where TWidth : struct, IWidth
    {
        int index = (int)(register & 0xFF);
        bool beyond = index >= 8 * TWidth.Bytes;
        ulong result = beyond ? source : source & ((1UL << index) - 1);
        Lazy.NoteStash<TWidth>(s, result, beyond ? Rflags.CF : 0);
        return result;
    }
}

/// <summary>PDEP: the low bits of the register, put where the source has ones.</summary>
internal readonly unsafe struct Deposit : IBitOperation
{
    public static ulong Apply<TWidth>(CpuState* s, ulong source, ulong register)
        where TWidth : struct, IWidth
    {
        ulong result = 0;
        for (ulong mask = source; mask != 0; mask &= mask - 1, register >>= 1)
        {
            result |= (register & 1) != 0 ? mask & (0 - mask) : 0;
        }

        return result;
    }
}

/// <summary>PEXT: the bits of the register where the source has ones, gathered at the low end.</summary>
internal readonly unsafe struct Extract : IBitOperation
{
    public static ulong Apply<TWidth>(CpuState* s, ulong source, ulong register)
        where TWidth : struct, IWidth
    {
        ulong result = 0;
        int at = 0;
        for (ulong mask = source; mask != 0; mask &= mask - 1, at++)
        {
            result |= (register & mask & (0 - mask)) != 0 ? 1UL << at : 0;
        }

        return result;
    }
}

/// <summary>RORX.</summary>
internal readonly unsafe struct PlainRotateRight : IBitOperation
{
    public static ulong Apply<TWidth>(CpuState* s, ulong source, ulong register)
        where TWidth : struct, IWidth => TWidth.Bytes == 8
            ? BitOperations.RotateRight(source, (int)register)
            : BitOperations.RotateRight((uint)source, (int)register);
}

/// <summary>SARX.</summary>
internal readonly unsafe struct PlainShiftRightSigned : IBitOperation
{
    public static ulong Apply<TWidth>(CpuState* s, ulong source, ulong register)
        where TWidth : struct, IWidth => TWidth.Bytes == 8
            ? (ulong)((long)source >> (int)register)
            : (ulong)((int)source >> (int)register);
}

/// <summary>SHLX.</summary>
internal readonly unsafe struct PlainShiftLeft : IBitOperation
{
    public static ulong Apply<TWidth>(CpuState* s, ulong source, ulong register)
        where TWidth : struct, IWidth => TWidth.Bytes == 8
            ? source << (int)register
            : (uint)source << (int)register;
}

/// <summary>SHRX.</summary>
internal readonly unsafe struct PlainShiftRight : IBitOperation
{
    public static ulong Apply<TWidth>(CpuState* s, ulong source, ulong register)
        where TWidth : struct, IWidth => TWidth.Bytes == 8
            ? source >> (int)register
            : (uint)source >> (int)register;
}
