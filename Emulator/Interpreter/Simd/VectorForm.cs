using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>How a vector instruction is encoded, as a type argument: how wide it is and what it leaves of its destination.</summary>
/// <remarks>
/// <code>
///  form      lanes  first source      above the lanes  memory operand of 16 bytes
///  Legacy    1      the destination   stays            aligned
///  Vex128    1      VEX.vvvv          zero             anywhere
///  Vex256    2      VEX.vvvv                           anywhere
/// </code>
/// A lane is 128 bits; nearly every 256-bit instruction is its 128-bit twin on both lanes.
/// Source: [SDM2 Instruction Format, "Intel Advanced Vector Extensions (Intel AVX)"].
/// </remarks>
internal unsafe interface IVectorForm
{
    /// <summary>Lanes of 128 bits: 1 or 2.</summary>
    static abstract int Lanes { get; }

    /// <summary>Address bits that have to be clear when a memory operand is the whole vector; otherwise #GP(0), before any page fault.</summary>
    static abstract ulong AlignmentMask { get; }

    /// <summary>True when MXCSR.MM lifts that.</summary>
    static virtual bool YieldsToMisalignedMode => false;

    /// <summary>The first source; the destination itself in a legacy instruction.</summary>
    static abstract V* First(CpuState* s, Op* op);

    /// <summary>Clears the part of the destination register above the lanes, where the form does.</summary>
    static abstract void ClearAbove(V* dst);
}

/// <summary>Legacy SSE.</summary>
internal readonly unsafe struct Legacy : IVectorForm
{
    public static int Lanes => 1;

    public static ulong AlignmentMask
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 15;
    }

    public static bool YieldsToMisalignedMode => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V* First(CpuState* s, Op* op) => VectorOperands.Dst(s, op);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClearAbove(V* dst)
    {
    }
}

/// <summary>VEX.128, and scalar instructions under VEX.</summary>
internal readonly unsafe struct Vex128 : IVectorForm
{
    public static int Lanes => 1;

    public static ulong AlignmentMask
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V* First(CpuState* s, Op* op) => (V*)Operands.Vector(s, op->First);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClearAbove(V* dst) => dst[1] = V.Zero;
}

/// <summary>VEX.256.</summary>
internal readonly unsafe struct Vex256 : IVectorForm
{
    public static int Lanes => 2;

    public static ulong AlignmentMask
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V* First(CpuState* s, Op* op) => (V*)Operands.Vector(s, op->First);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClearAbove(V* dst)
    {
    }
}

/// <summary>A form whose whole-vector memory operand has to be aligned to its size.</summary>
internal readonly unsafe struct Aligned<TForm> : IVectorForm
    where TForm : struct, IVectorForm
{
    public static int Lanes => TForm.Lanes;

    public static ulong AlignmentMask
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (ulong)(16 * TForm.Lanes) - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V* First(CpuState* s, Op* op) => TForm.First(s, op);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClearAbove(V* dst) => TForm.ClearAbove(dst);
}

/// <summary>A form whose memory operand may lie anywhere.</summary>
internal readonly unsafe struct Anywhere<TForm> : IVectorForm
    where TForm : struct, IVectorForm
{
    public static int Lanes => TForm.Lanes;

    public static ulong AlignmentMask
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V* First(CpuState* s, Op* op) => TForm.First(s, op);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClearAbove(V* dst) => TForm.ClearAbove(dst);
}
