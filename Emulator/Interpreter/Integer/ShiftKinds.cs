using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>What a shift or rotate computes; its count is masked already and not zero.</summary>
/// <remarks>Source: [SDM2 "SAL/SAR/SHL/SHR", "RCL/RCR/ROL/ROR"].</remarks>
internal unsafe interface IShift
{
    /// <summary>The result; only its low bits count. Flags are noted.</summary>
    static abstract ulong Apply<TWidth>(CpuState* s, ulong a, int count)
        where TWidth : struct, IWidth;
}

/// <summary>SHL.</summary>
internal readonly unsafe struct ShiftLeft : IShift
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, int count)
        where TWidth : struct, IWidth
    {
        ulong result = a << count;
        ulong carry = TWidth.Bytes == 8 ? (a >> (64 - count)) & 1 : (result >> (8 * TWidth.Bytes)) & 1;
        ulong sign = (result >> ((8 * TWidth.Bytes) - 1)) & 1;
        Lazy.NoteStash<TWidth>(s, result, carry | ((sign ^ carry) << 11));
        return result;
    }
}

/// <summary>SHR.</summary>
internal readonly unsafe struct ShiftRight : IShift
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, int count)
        where TWidth : struct, IWidth
    {
        ulong sign = a >> ((8 * TWidth.Bytes) - 1);
        Lazy.NoteStash<TWidth>(s, a >> count, ((a >> (count - 1)) & 1) | (sign << 11));
        return a >> count;
    }
}

/// <summary>SAR.</summary>
internal readonly unsafe struct ShiftArithmetic : IShift
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, int count)
        where TWidth : struct, IWidth
    {
        long value = (long)(a << TWidth.Shift) >> TWidth.Shift;
        Lazy.NoteStash<TWidth>(s, (ulong)(value >> count), (ulong)(value >> (count - 1)) & 1);
        return (ulong)(value >> count);
    }
}

/// <summary>ROL: changes CF and OF only.</summary>
internal readonly unsafe struct RotateLeft : IShift
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, int count)
        where TWidth : struct, IWidth
    {
        int bits = 8 * TWidth.Bytes;
        int by = count & (bits - 1);
        ulong result = by == 0 ? a : (a << by) | (a >> (bits - by));
        ulong carry = result & 1;
        ulong sign = (result >> (bits - 1)) & 1;
        Lazy.NoteRotate(s, carry | ((sign ^ carry) << 11));
        return result;
    }
}

/// <summary>ROR: changes CF and OF only.</summary>
internal readonly unsafe struct RotateRight : IShift
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<TWidth>(CpuState* s, ulong a, int count)
        where TWidth : struct, IWidth
    {
        int bits = 8 * TWidth.Bytes;
        int by = count & (bits - 1);
        ulong result = by == 0 ? a : (a >> by) | (a << (bits - by));
        ulong carry = (result >> (bits - 1)) & 1;
        ulong next = (result >> (bits - 2)) & 1;
        Lazy.NoteRotate(s, carry | ((next ^ carry) << 11));
        return result;
    }
}

/// <summary>RCL: a rotate of one bit more than the operand has, CF being the top one; all the way round changes nothing.</summary>
internal readonly unsafe struct RotateCarryLeft : IShift
{
    public static ulong Apply<TWidth>(CpuState* s, ulong a, int count)
        where TWidth : struct, IWidth
    {
        int bits = 8 * TWidth.Bytes;
        int by = count % (bits + 1);
        ulong carry = Rflags.Carry(s) ? 1UL : 0;
        if (by == 0)
        {
            return a;
        }

        ulong result = (a << by) | (carry << (by - 1)) | (by == 1 ? 0 : a >> (bits + 1 - by));
        carry = (a >> (bits - by)) & 1;
        ulong sign = (result >> (bits - 1)) & 1;
        Lazy.NoteRotate(s, carry | ((sign ^ carry) << 11));
        return result;
    }
}

/// <summary>RCR.</summary>
internal readonly unsafe struct RotateCarryRight : IShift
{
    public static ulong Apply<TWidth>(CpuState* s, ulong a, int count)
        where TWidth : struct, IWidth
    {
        int bits = 8 * TWidth.Bytes;
        int by = count % (bits + 1);
        ulong carry = Rflags.Carry(s) ? 1UL : 0;
        if (by == 0)
        {
            return a;
        }

        ulong result = (a >> by) | (carry << (bits - by)) | (by == 1 ? 0 : a << (bits + 1 - by));
        carry = (a >> (by - 1)) & 1;
        ulong topTwoDiffer = ((result >> (bits - 1)) ^ (result >> (bits - 2))) & 1;
        Lazy.NoteRotate(s, carry | (topTwoDiffer << 11));
        return result;
    }
}
