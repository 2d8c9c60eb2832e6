using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Moves of whole vector registers, and of their low 4 or 8 bytes.</summary>
/// <remarks>
/// A load of less than 16 bytes clears the rest of the register, a register move of MOVSS and MOVSD keeps the first source's. Non-temporal
/// stores are ordinary stores here. Source: [SDM2 "MOVAPS", "MOVUPS", "MOVDQA", "MOVDQU", "MOVSS", "MOVSD", "MOVD/MOVQ", "MOVNTDQ"].
/// </remarks>
internal static unsafe class SseMoves
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Movaps, EmitAligned, Mnemonic.Vmovaps),
        new(Mnemonic.Movapd, EmitAligned, Mnemonic.Vmovapd),
        new(Mnemonic.Movdqa, EmitAligned, Mnemonic.Vmovdqa),
        new(Mnemonic.Movntps, EmitAligned, Mnemonic.Vmovntps),
        new(Mnemonic.Movntpd, EmitAligned, Mnemonic.Vmovntpd),
        new(Mnemonic.Movntdq, EmitAligned, Mnemonic.Vmovntdq),
        new(Mnemonic.Movntdqa, EmitAligned, Mnemonic.Vmovntdqa),
        new(Mnemonic.Lddqu, EmitUnaligned, Mnemonic.Vlddqu),
        new(Mnemonic.Movups, EmitUnaligned, Mnemonic.Vmovups),
        new(Mnemonic.Movupd, EmitUnaligned, Mnemonic.Vmovupd),
        new(Mnemonic.Movdqu, EmitUnaligned, Mnemonic.Vmovdqu),
        new(Mnemonic.Movss, EmitScalar<W32>, Mnemonic.Vmovss),
        new(Mnemonic.Movsd, EmitScalar<W64>, Mnemonic.Vmovsd),
        new(Mnemonic.Movd, EmitInteger<W32>, Mnemonic.Vmovd),
        new(Mnemonic.Movq, EmitInteger<W64>, Mnemonic.Vmovq),
        new(Mnemonic.Maskmovdqu, EmitMasked, Mnemonic.Vmaskmovdqu),
    ];

    /// <summary>Emits a load, store or copy of a whole vector that has to be aligned in memory.</summary>
    public static bool EmitAligned(ref OpBuilder b) => EmitWhole(ref b, VectorPlacement.Aligned);

    /// <summary>Emits a load, store or copy of a whole vector that may lie anywhere in memory.</summary>
    public static bool EmitUnaligned(ref OpBuilder b) => EmitWhole(ref b, VectorPlacement.Anywhere);

    private static bool EmitWhole(ref OpBuilder b, VectorPlacement placement)
    {
        VectorOperands.Take(ref b);
        if (b.IsMemory(0))
        {
            b.Op->Run = VectorEmitter.Of<ToMemory>(b, placement);
            return true;
        }

        VectorEmitter.SetRun<Whole>(ref b, placement);
        return true;
    }

    private static bool EmitScalar<TWidth>(ref OpBuilder b)
        where TWidth : struct, IWidth
    {
        if (!(VectorOperands.IsXmm(b, 0) || VectorOperands.IsXmm(b, 1)))
        {
            return false;
        }

        VectorOperands.Take(ref b);
        EmitLow<TWidth, Merge<TWidth>>(ref b);
        return true;
    }

    /// <summary>MOVD and MOVQ between XMM, general registers and memory; the forms with MMX registers are <see cref="MmxMoves"/>'s.</summary>
    private static bool EmitInteger<TWidth>(ref OpBuilder b)
        where TWidth : struct, IWidth
    {
        if (VectorOperands.IsMmx(b, 0) || VectorOperands.IsMmx(b, 1))
        {
            return MmxMoves.Emit(ref b);
        }

        VectorOperands.Take(ref b);
        if (b.IsRegister(0) && !VectorOperands.IsXmm(b, 0))
        {
            b.Op->Run = &ToGeneral<TWidth>;
            return true;
        }

        EmitLow<TWidth, Low<TWidth>>(ref b);
        return true;
    }

    /// <summary>A store of the low bytes, a load of them, or <typeparamref name="TCopy"/> between registers.</summary>
    private static void EmitLow<TWidth, TCopy>(ref OpBuilder b)
        where TWidth : struct, IWidth
        where TCopy : struct, IVectorHandler
    {
        if (b.IsMemory(0))
        {
            b.Op->Run = &StoreLow<TWidth>;
        }
        else if (VectorOperands.HasMemory(b))
        {
            VectorEmitter.SetRun<Low<TWidth>>(ref b);
        }
        else
        {
            VectorEmitter.SetRun<TCopy>(ref b);
        }
    }

    private static bool EmitMasked(ref OpBuilder b)
    {
        MaskedStore.TakeAddress(ref b);
        b.Op->Dst = (byte)b.Instruction.Op1Register.GetNumber();
        b.Op->Src = (byte)b.Instruction.Op2Register.GetNumber();
        b.Op->Run = &StoreMasked;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Store<TForm>(Vcpu vcpu, CpuState* s, Op* op)
        where TForm : struct, IVectorForm
    {
        int bytes = 16 * TForm.Lanes;
        ulong address = Operands.Address(s, op);
        if (!VectorEmitter.Fits<TForm>(address, bytes) || !Probe.TryWrite(s, address, bytes, out byte* to))
        {
            return StoreMiss<TForm>(vcpu, s, op);
        }

        Put<TForm>(to, VectorOperands.Src(s, op));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* StoreMiss<TForm>(Vcpu vcpu, CpuState* s, Op* op)
        where TForm : struct, IVectorForm
    {
        int bytes = 16 * TForm.Lanes;
        ulong address = Operands.Address(s, op);
        if (!VectorEmitter.Fits<TForm>(address, bytes))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        byte* to = vcpu.OpenStore(s, address, bytes);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        Put<TForm>(to, VectorOperands.Src(s, op));
        vcpu.Commit(s);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TForm>(byte* to, Vector128<byte>* from)
        where TForm : struct, IVectorForm
    {
        from[0].Store(to);
        if (TForm.Lanes == 2)
        {
            from[1].Store(to + 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StoreLow<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        if (!Probe.TryWrite(s, Operands.Address(s, op), TWidth.Bytes, out byte* to))
        {
            return StoreLowMiss<TWidth>(vcpu, s, op);
        }

        TWidth.Write(to, TWidth.Read((byte*)VectorOperands.Src(s, op)));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* StoreLowMiss<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), TWidth.Bytes);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        TWidth.Write(to, TWidth.Read((byte*)VectorOperands.Src(s, op)));
        vcpu.Commit(s);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ToGeneral<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        TWidth.WriteRegister(Operands.Dst(s, op), TWidth.Read((byte*)VectorOperands.Src(s, op)));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StoreMasked(Vcpu vcpu, CpuState* s, Op* op) =>
        MaskedStore.Run(vcpu, s, op, new ReadOnlySpan<byte>(VectorOperands.Dst(s, op), 16), new ReadOnlySpan<byte>(VectorOperands.Src(s, op), 16));

    private readonly struct ToMemory : IByForm
    {
        public static Handler With<TForm>()
            where TForm : struct, IVectorForm => &Store<TForm>;
    }

    /// <summary>The whole vector.</summary>
    private readonly struct Whole : IVectorHandler
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 16 * TForm.Lanes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            Vector128<byte>* dst = VectorOperands.Dst(s, op);
            dst[0] = Vector128.Load(source);
            if (TForm.Lanes == 2)
            {
                dst[1] = Vector128.Load(source + 16);
            }

            TForm.ClearAbove(dst);
            return op + 1;
        }
    }

    /// <summary>The low bytes of the source, zeros above them.</summary>
    private readonly struct Low<TWidth> : IVectorHandler
        where TWidth : struct, IWidth
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => TWidth.Bytes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            Vector128<byte>* dst = VectorOperands.Dst(s, op);
            dst[0] = Vector128.CreateScalar(TWidth.Read(source)).AsByte();
            TForm.ClearAbove(dst);
            return op + 1;
        }
    }

    /// <summary>The low bytes of the source, above them those of the first source.</summary>
    private readonly struct Merge<TWidth> : IVectorHandler
        where TWidth : struct, IWidth
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => TWidth.Bytes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            Vector128<byte>* dst = VectorOperands.Dst(s, op);
            Vector128<byte> a = *TForm.First(s, op);
            dst[0] = TWidth.Bytes == 8
                ? a.AsUInt64().WithElement(0, *(ulong*)source).AsByte()
                : a.AsUInt32().WithElement(0, *(uint*)source).AsByte();
            TForm.ClearAbove(dst);
            return op + 1;
        }
    }
}
