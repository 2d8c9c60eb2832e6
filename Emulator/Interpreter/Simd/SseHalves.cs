using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Moves of one half of an XMM register, of sign masks and of single words.</summary>
/// <remarks>Source: [SDM2 "MOVHPS", "MOVLPS", "MOVHLPS", "MOVLHPS", "MOVMSKPS", "PMOVMSKB", "PEXTRW", "PINSRW"].</remarks>
internal static unsafe class SseHalves
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Movhps, EmitHigh, Mnemonic.Vmovhps),
        new(Mnemonic.Movhpd, EmitHigh, Mnemonic.Vmovhpd),
        new(Mnemonic.Movlps, EmitLow, Mnemonic.Vmovlps),
        new(Mnemonic.Movlpd, EmitLow, Mnemonic.Vmovlpd),
        new(Mnemonic.Movhlps, SsePacked.Emit<HighToLow>, Mnemonic.Vmovhlps),
        new(Mnemonic.Movlhps, SsePacked.Emit<InterleaveLowQuadwords>, Mnemonic.Vmovlhps),
        new(Mnemonic.Movmskps, EmitSigns<uint>, Mnemonic.Vmovmskps),
        new(Mnemonic.Movmskpd, EmitSigns<ulong>, Mnemonic.Vmovmskpd),
        new(Mnemonic.Pmovmskb, EmitSigns<byte>, Mnemonic.Vpmovmskb),
        new(Mnemonic.Pextrw, EmitExtract, Mnemonic.Vpextrw),
        new(Mnemonic.Pinsrw, EmitInsert, Mnemonic.Vpinsrw),
    ];

    private static bool EmitHigh(ref OpBuilder b)
    {
        VectorOperands.Take(ref b);
        if (b.IsMemory(0))
        {
            b.Op->Run = &StoreHigh;
            return true;
        }

        VectorEmitter.SetRun<FromHalf<InterleaveLowQuadwords>>(ref b);
        return true;
    }

    private static bool EmitLow(ref OpBuilder b)
    {
        VectorOperands.Take(ref b);
        if (b.IsMemory(0))
        {
            b.Op->Run = &StoreLow;
            return true;
        }

        VectorEmitter.SetRun<FromHalf<LowOverLow>>(ref b);
        return true;
    }

    private static bool EmitSigns<T>(ref OpBuilder b)
        where T : unmanaged
    {
        VectorOperands.Take(ref b);
        b.Op->Run = VectorOperands.IsMmx(b, 1) ? &MmxMoves.Signs : VectorEmitter.Of<ToGeneral<T>>(b);
        return true;
    }

    private static bool EmitExtract(ref OpBuilder b)
    {
        if (!b.IsRegister(0))
        {
            return false;
        }

        VectorOperands.Take(ref b);
        bool mmx = VectorOperands.IsMmx(b, 1);
        b.Op->Immediate &= mmx ? 3UL : 7;
        b.Op->Run = mmx ? &MmxMoves.ExtractWord : &ExtractWord;
        return true;
    }

    private static bool EmitInsert(ref OpBuilder b)
    {
        VectorOperands.Take(ref b);
        if (VectorOperands.IsMmx(b, 0))
        {
            b.Op->Immediate &= 3;
            b.Op->Run = b.IsMemory(1) ? &MmxMoves.InsertMemoryWord : &MmxMoves.InsertWord;
            return true;
        }

        b.Op->Immediate &= 7;
        VectorEmitter.SetRun<WordInserted>(ref b);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StoreLow(Vcpu vcpu, CpuState* s, Op* op) => StoreHalf(vcpu, s, op, (ulong*)VectorOperands.Src(s, op));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StoreHigh(Vcpu vcpu, CpuState* s, Op* op) => StoreHalf(vcpu, s, op, (ulong*)VectorOperands.Src(s, op) + 1);

    private static Op* StoreHalf(Vcpu vcpu, CpuState* s, Op* op, ulong* half)
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), 8);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        *(ulong*)to = *half;
        vcpu.Commit(s);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Signs<T, TForm>(Vcpu vcpu, CpuState* s, Op* op)
        where T : unmanaged
        where TForm : struct, IVectorForm
    {
        Vector128<byte>* source = VectorOperands.Src(s, op);
        ulong signs = source[0].As<byte, T>().ExtractMostSignificantBits();
        if (TForm.Lanes == 2)
        {
            signs |= (ulong)source[1].As<byte, T>().ExtractMostSignificantBits() << Vector128<T>.Count;
        }

        *(ulong*)Operands.Dst(s, op) = signs;
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ExtractWord(Vcpu vcpu, CpuState* s, Op* op)
    {
        *(ulong*)Operands.Dst(s, op) = ((ushort*)VectorOperands.Src(s, op))[op->Immediate];
        return op + 1;
    }

    private readonly struct ToGeneral<T> : IByForm
        where T : unmanaged
    {
        public static Handler With<TForm>()
            where TForm : struct, IVectorForm => &Signs<T, TForm>;
    }

    /// <summary>The high half of the source below the high half of the first.</summary>
    private readonly struct HighToLow : IVectorOp
    {
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b) => Vector128.Create(b.GetUpper(), a.GetUpper());
    }

    /// <summary>The low half of the source below the high half of the first.</summary>
    private readonly struct LowOverLow : IVectorOp
    {
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b) => Vector128.Create(b.GetLower(), a.GetUpper());
    }

    /// <summary>An operation of a vector and 8 bytes of memory.</summary>
    private readonly struct FromHalf<TOp> : IVectorHandler
        where TOp : struct, IVectorOp
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 8;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            Vector128<byte>* dst = VectorOperands.Dst(s, op);
            dst[0] = TOp.Apply(*TForm.First(s, op), Vector128.CreateScalar(*(ulong*)source).AsByte());
            TForm.ClearAbove(dst);
            return op + 1;
        }
    }

    private readonly struct WordInserted : IVectorHandler
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            Vector128<byte> value = *TForm.First(s, op);
            ((ushort*)&value)[op->Immediate] = *(ushort*)source;
            Vector128<byte>* dst = VectorOperands.Dst(s, op);
            dst[0] = value;
            TForm.ClearAbove(dst);
            return op + 1;
        }
    }
}
