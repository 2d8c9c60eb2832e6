using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Simd;

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
    static abstract Handler With<TForm>()
        where TForm : struct, IVectorForm;
}

/// <summary>Where a memory operand of the whole vector's size may lie.</summary>
internal enum VectorPlacement
{
    /// <summary>Aligned in a legacy instruction unless MXCSR.MM is set, anywhere under VEX: what most instructions ask for.</summary>
    Usual,

    /// <summary>Aligned under VEX too, whatever MXCSR.MM says.</summary>
    Aligned,

    /// <summary>Anywhere, in a legacy instruction too.</summary>
    Anywhere,
}

/// <summary>Emits vector instructions for their form: the plumbing of operands, written once for SSE, VEX.128 and VEX.256.</summary>
internal static unsafe class VectorEmitter
{
    /// <summary>Emits <typeparamref name="THandler"/> for an instruction whose last source is a register, vector or general, or memory.</summary>
    public static bool Emit<THandler>(ref OpBuilder b)
        where THandler : struct, IVectorHandler
    {
        VectorOperands.Take(ref b);
        SetRun<THandler>(ref b);
        return true;
    }

    /// <summary>Sets the handler alone, after <see cref="VectorOperands.Take"/>.</summary>
    public static void SetRun<THandler>(ref OpBuilder b, VectorPlacement placement = VectorPlacement.Usual)
        where THandler : struct, IVectorHandler =>
        b.Op->Run = VectorOperands.HasMemory(b) ? Of<FromMemory<THandler>>(b, placement)
            : VectorOperands.HasGeneralSource(b) ? Of<FromGeneral<THandler>>(b)
            : Of<FromRegister<THandler>>(b);

    /// <summary>The handler for the form of this instruction.</summary>
    public static Handler Of<THandler>(in OpBuilder b, VectorPlacement placement = VectorPlacement.Usual)
        where THandler : struct, IByForm => placement switch
        {
            VectorPlacement.Usual => Of<THandler, Legacy, Vex128, Vex256>(b),
            VectorPlacement.Aligned => Of<THandler, Aligned<Legacy>, Aligned<Vex128>, Aligned<Vex256>>(b),
            VectorPlacement.Anywhere => Of<THandler, Anywhere<Legacy>, Vex128, Vex256>(b),
        };

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
        bool fits = Fits<TForm>(address, bytes);
        if (!fits && !(TForm.YieldsToMisalignedMode && MisalignedMode.IsOn(s)))
        {
            vcpu.Raise(op, ExceptionVector.GP);
            return null;
        }

        byte* from = fits ? vcpu.Read(s, address, bytes) : MisalignedMode.Read(vcpu, op, address);
        if (from is null)
        {
            vcpu.Fault(op);
        }

        return from;
    }

    /// <summary>Whether an operand of <paramref name="bytes"/> may lie at <paramref name="address"/>: only whole vectors are ever aligned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Fits<TForm>(ulong address, int bytes)
        where TForm : struct, IVectorForm => bytes != 16 * TForm.Lanes || (address & TForm.AlignmentMask) == 0;

    private static Handler Of<THandler, TLegacy, TVex128, TVex256>(in OpBuilder b)
        where THandler : struct, IByForm
        where TLegacy : struct, IVectorForm
        where TVex128 : struct, IVectorForm
        where TVex256 : struct, IVectorForm =>
        b.Instruction.Encoding == EncodingKind.Legacy ? THandler.With<TLegacy>()
            : IsWide(b) ? THandler.With<TVex256>()
            : THandler.With<TVex128>();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Register<THandler, TForm>(Vcpu vcpu, CpuState* s, Op* op)
        where THandler : struct, IVectorHandler
        where TForm : struct, IVectorForm => THandler.Run<TForm>(vcpu, s, op, (byte*)VectorOperands.Src(s, op));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* General<THandler, TForm>(Vcpu vcpu, CpuState* s, Op* op)
        where THandler : struct, IVectorHandler
        where TForm : struct, IVectorForm => THandler.Run<TForm>(vcpu, s, op, Operands.Src(s, op));

    /// <summary>The look-aside's hit alone, so that no stack frame is needed; the rest is <see cref="MemoryMiss"/>'s.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Memory<THandler, TForm>(Vcpu vcpu, CpuState* s, Op* op)
        where THandler : struct, IVectorHandler
        where TForm : struct, IVectorForm
    {
        int bytes = THandler.SourceBytes<TForm>();
        ulong address = Operands.Address(s, op);
        return Fits<TForm>(address, bytes) && Probe.TryRead(s, address, bytes, out byte* from)
            ? THandler.Run<TForm>(vcpu, s, op, from)
            : MemoryMiss<THandler, TForm>(vcpu, s, op);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* MemoryMiss<THandler, TForm>(Vcpu vcpu, CpuState* s, Op* op)
        where THandler : struct, IVectorHandler
        where TForm : struct, IVectorForm
    {
        byte* from = Read<TForm>(vcpu, s, op, THandler.SourceBytes<TForm>());
        return from is null ? null : THandler.Run<TForm>(vcpu, s, op, from);
    }

    private readonly struct FromRegister<THandler> : IByForm
        where THandler : struct, IVectorHandler
    {
        public static Handler With<TForm>()
            where TForm : struct, IVectorForm => &Register<THandler, TForm>;
    }

    private readonly struct FromGeneral<THandler> : IByForm
        where THandler : struct, IVectorHandler
    {
        public static Handler With<TForm>()
            where TForm : struct, IVectorForm => &General<THandler, TForm>;
    }

    private readonly struct FromMemory<THandler> : IByForm
        where THandler : struct, IVectorHandler
    {
        public static Handler With<TForm>()
            where TForm : struct, IVectorForm => &Memory<THandler, TForm>;
    }
}
