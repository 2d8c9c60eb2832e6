using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>What a two-operand vector instruction without flags computes.</summary>
internal interface IVectorOp
{
    /// <summary>The new destination from the old destination and the source.</summary>
    static abstract Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b);
}

/// <summary>The two-operand integer and logical vector instructions, on XMM and on MMX registers.</summary>
/// <remarks>
/// An MMX operand is the low half of a vector whose high half is zero. Where that changes what an operation means, a second op
/// struct says so. Source: [SDM2 "PADDB/PADDW/PADDD/PADDQ" and their kin].
/// </remarks>
internal static unsafe class SsePacked
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Andps, Emit<VectorAnd>, Mnemonic.Vandps),
        new(Mnemonic.Andpd, Emit<VectorAnd>, Mnemonic.Vandpd),
        new(Mnemonic.Pand, Emit<VectorAnd>, Mnemonic.Vpand),
        new(Mnemonic.Andnps, Emit<VectorAndNot>, Mnemonic.Vandnps),
        new(Mnemonic.Andnpd, Emit<VectorAndNot>, Mnemonic.Vandnpd),
        new(Mnemonic.Pandn, Emit<VectorAndNot>, Mnemonic.Vpandn),
        new(Mnemonic.Orps, Emit<VectorOr>, Mnemonic.Vorps),
        new(Mnemonic.Orpd, Emit<VectorOr>, Mnemonic.Vorpd),
        new(Mnemonic.Por, Emit<VectorOr>, Mnemonic.Vpor),
        new(Mnemonic.Xorps, Emit<VectorXor>, Mnemonic.Vxorps),
        new(Mnemonic.Xorpd, Emit<VectorXor>, Mnemonic.Vxorpd),
        new(Mnemonic.Pxor, Emit<VectorXor>, Mnemonic.Vpxor),
        new(Mnemonic.Paddb, Emit<AddLanes<byte>>, Mnemonic.Vpaddb),
        new(Mnemonic.Paddw, Emit<AddLanes<ushort>>, Mnemonic.Vpaddw),
        new(Mnemonic.Paddd, Emit<AddLanes<uint>>, Mnemonic.Vpaddd),
        new(Mnemonic.Paddq, Emit<AddLanes<ulong>>, Mnemonic.Vpaddq),
        new(Mnemonic.Psubb, Emit<SubLanes<byte>>, Mnemonic.Vpsubb),
        new(Mnemonic.Psubw, Emit<SubLanes<ushort>>, Mnemonic.Vpsubw),
        new(Mnemonic.Psubd, Emit<SubLanes<uint>>, Mnemonic.Vpsubd),
        new(Mnemonic.Psubq, Emit<SubLanes<ulong>>, Mnemonic.Vpsubq),
        new(Mnemonic.Paddsb, Emit<AddSaturated<sbyte>>, Mnemonic.Vpaddsb),
        new(Mnemonic.Paddsw, Emit<AddSaturated<short>>, Mnemonic.Vpaddsw),
        new(Mnemonic.Paddusb, Emit<AddSaturated<byte>>, Mnemonic.Vpaddusb),
        new(Mnemonic.Paddusw, Emit<AddSaturated<ushort>>, Mnemonic.Vpaddusw),
        new(Mnemonic.Psubsb, Emit<SubSaturated<sbyte>>, Mnemonic.Vpsubsb),
        new(Mnemonic.Psubsw, Emit<SubSaturated<short>>, Mnemonic.Vpsubsw),
        new(Mnemonic.Psubusb, Emit<SubSaturated<byte>>, Mnemonic.Vpsubusb),
        new(Mnemonic.Psubusw, Emit<SubSaturated<ushort>>, Mnemonic.Vpsubusw),
        new(Mnemonic.Pcmpeqb, Emit<EqualLanes<byte>>, Mnemonic.Vpcmpeqb),
        new(Mnemonic.Pcmpeqw, Emit<EqualLanes<ushort>>, Mnemonic.Vpcmpeqw),
        new(Mnemonic.Pcmpeqd, Emit<EqualLanes<uint>>, Mnemonic.Vpcmpeqd),
        new(Mnemonic.Pcmpgtb, Emit<GreaterLanes<sbyte>>, Mnemonic.Vpcmpgtb),
        new(Mnemonic.Pcmpgtw, Emit<GreaterLanes<short>>, Mnemonic.Vpcmpgtw),
        new(Mnemonic.Pcmpgtd, Emit<GreaterLanes<int>>, Mnemonic.Vpcmpgtd),
        new(Mnemonic.Pminub, Emit<MinLanes<byte>>, Mnemonic.Vpminub),
        new(Mnemonic.Pminsw, Emit<MinLanes<short>>, Mnemonic.Vpminsw),
        new(Mnemonic.Pmaxub, Emit<MaxLanes<byte>>, Mnemonic.Vpmaxub),
        new(Mnemonic.Pmaxsw, Emit<MaxLanes<short>>, Mnemonic.Vpmaxsw),
        new(Mnemonic.Pavgb, Emit<AverageLanes<byte>>, Mnemonic.Vpavgb),
        new(Mnemonic.Pavgw, Emit<AverageLanes<ushort>>, Mnemonic.Vpavgw),
        new(Mnemonic.Pmullw, Emit<MultiplyLow>, Mnemonic.Vpmullw),
        new(Mnemonic.Pmulhw, Emit<MultiplyHigh>, Mnemonic.Vpmulhw),
        new(Mnemonic.Pmulhuw, Emit<MultiplyHighUnsigned>, Mnemonic.Vpmulhuw),
        new(Mnemonic.Pmuludq, Emit<MultiplyDoublewords>, Mnemonic.Vpmuludq),
        new(Mnemonic.Pmaddwd, Emit<MultiplyAdd>, Mnemonic.Vpmaddwd),
        new(Mnemonic.Psadbw, Emit<SumOfDifferences>, Mnemonic.Vpsadbw),
        new(Mnemonic.Packsswb, Emit<PackSignedWords, MmxPack<PackSignedWords>>, Mnemonic.Vpacksswb),
        new(Mnemonic.Packssdw, Emit<PackSignedDoublewords, MmxPack<PackSignedDoublewords>>, Mnemonic.Vpackssdw),
        new(Mnemonic.Packuswb, Emit<PackUnsignedWords, MmxPack<PackUnsignedWords>>, Mnemonic.Vpackuswb),
        new(Mnemonic.Punpcklbw, Emit<InterleaveLowBytes>, Mnemonic.Vpunpcklbw),
        new(Mnemonic.Punpcklwd, Emit<InterleaveLowWords>, Mnemonic.Vpunpcklwd),
        new(Mnemonic.Punpckldq, Emit<InterleaveLowDoublewords>, Mnemonic.Vpunpckldq),
        new(Mnemonic.Unpcklps, Emit<InterleaveLowDoublewords>, Mnemonic.Vunpcklps),
        new(Mnemonic.Punpcklqdq, Emit<InterleaveLowQuadwords>, Mnemonic.Vpunpcklqdq),
        new(Mnemonic.Unpcklpd, Emit<InterleaveLowQuadwords>, Mnemonic.Vunpcklpd),
        new(Mnemonic.Punpckhbw, Emit<InterleaveHighBytes, MmxHigh<InterleaveLowBytes>>, Mnemonic.Vpunpckhbw),
        new(Mnemonic.Punpckhwd, Emit<InterleaveHighWords, MmxHigh<InterleaveLowWords>>, Mnemonic.Vpunpckhwd),
        new(Mnemonic.Punpckhdq, Emit<InterleaveHighDoublewords, MmxHigh<InterleaveLowDoublewords>>, Mnemonic.Vpunpckhdq),
        new(Mnemonic.Unpckhps, Emit<InterleaveHighDoublewords>, Mnemonic.Vunpckhps),
        new(Mnemonic.Punpckhqdq, Emit<InterleaveHighQuadwords>, Mnemonic.Vpunpckhqdq),
        new(Mnemonic.Unpckhpd, Emit<InterleaveHighQuadwords>, Mnemonic.Vunpckhpd),
    ];

    /// <summary>Emits an operation of two vectors, under any form and on MMX registers.</summary>
    public static bool Emit<TOp>(ref OpBuilder b)
        where TOp : struct, IVectorOp => Emit<TOp, TOp>(ref b);

    /// <summary>Likewise, with an operation of its own for MMX registers.</summary>
    public static bool Emit<TXmm, TMmx>(ref OpBuilder b)
        where TXmm : struct, IVectorOp
        where TMmx : struct, IVectorOp
    {
        VectorOperands.Take(ref b);
        if (!VectorOperands.IsMmx(b, 0))
        {
            VectorEmitter.SetRun<Binary<TXmm>>(ref b);
            return true;
        }

        b.Op->Immediate = (ulong)b.Instruction.MemorySize.GetSize();
        b.Op->Run = b.IsMemory(1) ? &MmxMemory<TMmx> : &MmxRegister<TMmx>;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxRegister<TOp>(Vcpu vcpu, CpuState* s, Op* op)
        where TOp : struct, IVectorOp => Mmx<TOp>(s, op, MmxMoves.Read(s, op->Src));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxMemory<TOp>(Vcpu vcpu, CpuState* s, Op* op)
        where TOp : struct, IVectorOp
    {
        int bytes = (int)op->Immediate;
        byte* from = vcpu.Read(s, Operands.Address(s, op), bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        return Mmx<TOp>(s, op, bytes == 4 ? *(uint*)from : *(ulong*)from);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Op* Mmx<TOp>(CpuState* s, Op* op, ulong source)
        where TOp : struct, IVectorOp
    {
        MmxMoves.Enter(s);
        Vector128<byte> a = Vector128.CreateScalar(MmxMoves.Read(s, op->Dst)).AsByte();
        Vector128<byte> b = Vector128.CreateScalar(source).AsByte();
        MmxMoves.Write(s, op->Dst, TOp.Apply(a, b).AsUInt64().ToScalar());
        return op + 1;
    }

    /// <summary>An operation on each lane.</summary>
    internal readonly struct Binary<TOp> : IVectorHandler
        where TOp : struct, IVectorOp
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 16 * TForm.Lanes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            Vector128<byte>* dst = VectorOperands.Dst(s, op);
            Vector128<byte>* a = TForm.First(s, op);
            Vector128<byte>* b = (Vector128<byte>*)source;
            dst[0] = TOp.Apply(a[0], b[0]);
            if (TForm.Lanes == 2)
            {
                dst[1] = TOp.Apply(a[1], b[1]);
            }

            TForm.ClearAbove(dst);
            return op + 1;
        }
    }
}
