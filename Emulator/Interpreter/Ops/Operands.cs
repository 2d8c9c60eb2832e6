using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;

namespace MmuEmu.Emulator.Interpreter.Ops;

/// <summary>Where the operands of an op lie.</summary>
internal static unsafe class Operands
{
    /// <summary>The destination register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Dst(CpuState* s, Op* op) => (byte*)s + op->Dst;

    /// <summary>The source register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Src(CpuState* s, Op* op) => (byte*)s + op->Src;

    /// <summary>The effective address with its segment base.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Address(CpuState* s, Op* op)
    {
        byte* slots = (byte*)s;
        return *(ulong*)(slots + op->Base) + (*(ulong*)(slots + op->Index) << op->Scale) + *(ulong*)(slots + op->Segment) + op->Displacement;
    }

    /// <summary>Vector register <paramref name="number"/>, 0 to 15.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Vector(CpuState* s, int number) => (byte*)s + CpuState.VectorsOffset + ((nuint)(uint)number * 32);
}
