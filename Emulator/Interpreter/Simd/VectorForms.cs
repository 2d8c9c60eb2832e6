using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter;

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

    /// <summary>Not zero when a memory operand of 16 bytes has to be aligned: the mask of address bits that must be clear.</summary>
    static abstract ulong AlignmentMask { get; }

    /// <summary>The first source; the destination itself in a legacy instruction.</summary>
    static abstract V* First(CpuState* s, Op* op);

    /// <summary>Clears the part of the destination register above the lanes, where the form does.</summary>
    static abstract void ClearAbove(V* dst);
}

/// <summary>What a vector instruction does once its second source is at hand, whatever its form and wherever the source lies.</summary>
internal unsafe interface IVectorHandler
{
    /// <summary>Bytes of the source when it is in memory; those of the whole vector for most.</summary>
    static abstract int SourceBytes<TForm>()
        where TForm : struct, IVectorForm;

    /// <summary>Runs with the source at <paramref name="source"/>: a vector register, or memory, which may be a copy.</summary>
    static abstract Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TForm : struct, IVectorForm;
}

/// <summary>A handler that exists for each form.</summary>
internal unsafe interface IByForm
{
    /// <summary>The handler for one form.</summary>
    static abstract delegate*<Vcpu, CpuState*, Op*, Op*> With<TForm>()
        where TForm : struct, IVectorForm;
}

/// <summary>Legacy SSE.</summary>
internal readonly unsafe struct Legacy : IVectorForm
{
    public static int Lanes => 1;

    public static ulong AlignmentMask => 15;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V* First(CpuState* s, Op* op) => SseForms.Dst(s, op);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClearAbove(V* dst)
    {
    }
}

/// <summary>VEX.128, and scalar instructions under VEX.</summary>
internal readonly unsafe struct Vex128 : IVectorForm
{
    public static int Lanes => 1;

    public static ulong AlignmentMask => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V* First(CpuState* s, Op* op) => (V*)Operands.Vector(s, op->First);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClearAbove(V* dst) => dst[1] = V.Zero;
}

/// <summary>VEX.256.</summary>
internal readonly unsafe struct Vex256 : IVectorForm
{
    public static int Lanes => 2;

    public static ulong AlignmentMask => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V* First(CpuState* s, Op* op) => (V*)Operands.Vector(s, op->First);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClearAbove(V* dst)
    {
    }
}

/// <summary>Emits vector instructions for their form: the plumbing of operands, written once for SSE, VEX.128 and VEX.256.</summary>
internal static unsafe class VectorForms
{
    /// <summary>Emits <typeparamref name="THandler"/> for an instruction whose last operand that is no immediate is a vector register or memory.</summary>
    public static bool Emit<THandler>(ref OpBuilder b)
        where THandler : struct, IVectorHandler
    {
        SseForms.Take(ref b);
        SetRun<THandler>(ref b);
        return true;
    }

    /// <summary>Sets the handler alone, after <see cref="SseForms.Take"/>.</summary>
    public static void SetRun<THandler>(ref OpBuilder b)
        where THandler : struct, IVectorHandler =>
        b.Op->Run = SseForms.HasMemory(b) ? Of<FromMemory<THandler>>(b) : Of<FromRegister<THandler>>(b);

    /// <summary>The handler for the form of this instruction.</summary>
    public static delegate*<Vcpu, CpuState*, Op*, Op*> Of<THandler>(in OpBuilder b)
        where THandler : struct, IByForm =>
        b.Instruction.Encoding == EncodingKind.Legacy ? THandler.With<Legacy>()
            : IsWide(b) ? THandler.With<Vex256>()
            : THandler.With<Vex128>();

    /// <summary>True when VEX.L is set and counts.</summary>
    public static bool IsWide(in OpBuilder b)
    {
        OpCodeInfo info = b.Instruction.Code.ToOpCode();
        return info.Encoding == EncodingKind.VEX && !info.IsLIG && info.L == 1;
    }

    /// <summary>A memory operand; null after an exception was noted and the op left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Read<TForm>(Vcpu vcpu, CpuState* s, Op* op, int bytes)
        where TForm : struct, IVectorForm
    {
        ulong address = Operands.Address(s, op);
        if (bytes == 16 && (address & TForm.AlignmentMask) != 0)
        {
            vcpu.Raise(op, ExceptionVector.GP);
            return null;
        }

        byte* from = vcpu.Read(s, address, bytes);
        if (from is null)
        {
            vcpu.Fault(op);
        }

        return from;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Register<THandler, TForm>(Vcpu vcpu, CpuState* s, Op* op)
        where THandler : struct, IVectorHandler
        where TForm : struct, IVectorForm => THandler.Run<TForm>(vcpu, s, op, (byte*)SseForms.Src(s, op));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Memory<THandler, TForm>(Vcpu vcpu, CpuState* s, Op* op)
        where THandler : struct, IVectorHandler
        where TForm : struct, IVectorForm
    {
        byte* from = Read<TForm>(vcpu, s, op, THandler.SourceBytes<TForm>());
        return from is null ? null : THandler.Run<TForm>(vcpu, s, op, from);
    }

    private readonly struct FromRegister<THandler> : IByForm
        where THandler : struct, IVectorHandler
    {
        public static delegate*<Vcpu, CpuState*, Op*, Op*> With<TForm>()
            where TForm : struct, IVectorForm => &Register<THandler, TForm>;
    }

    private readonly struct FromMemory<THandler> : IByForm
        where THandler : struct, IVectorHandler
    {
        public static delegate*<Vcpu, CpuState*, Op*, Op*> With<TForm>()
            where TForm : struct, IVectorForm => &Memory<THandler, TForm>;
    }
}
