using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

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
        new(Mnemonic.Andps, Emit<VectorAnd>),
        new(Mnemonic.Andpd, Emit<VectorAnd>),
        new(Mnemonic.Pand, Emit<VectorAnd>),
        new(Mnemonic.Andnps, Emit<VectorAndNot>),
        new(Mnemonic.Andnpd, Emit<VectorAndNot>),
        new(Mnemonic.Pandn, Emit<VectorAndNot>),
        new(Mnemonic.Orps, Emit<VectorOr>),
        new(Mnemonic.Orpd, Emit<VectorOr>),
        new(Mnemonic.Por, Emit<VectorOr>),
        new(Mnemonic.Xorps, Emit<VectorXor>),
        new(Mnemonic.Xorpd, Emit<VectorXor>),
        new(Mnemonic.Pxor, Emit<VectorXor>),
        new(Mnemonic.Paddb, Emit<AddLanes<byte>>),
        new(Mnemonic.Paddw, Emit<AddLanes<ushort>>),
        new(Mnemonic.Paddd, Emit<AddLanes<uint>>),
        new(Mnemonic.Paddq, Emit<AddLanes<ulong>>),
        new(Mnemonic.Psubb, Emit<SubLanes<byte>>),
        new(Mnemonic.Psubw, Emit<SubLanes<ushort>>),
        new(Mnemonic.Psubd, Emit<SubLanes<uint>>),
        new(Mnemonic.Psubq, Emit<SubLanes<ulong>>),
        new(Mnemonic.Paddsb, Emit<AddSaturated<sbyte>>),
        new(Mnemonic.Paddsw, Emit<AddSaturated<short>>),
        new(Mnemonic.Paddusb, Emit<AddSaturated<byte>>),
        new(Mnemonic.Paddusw, Emit<AddSaturated<ushort>>),
        new(Mnemonic.Psubsb, Emit<SubSaturated<sbyte>>),
        new(Mnemonic.Psubsw, Emit<SubSaturated<short>>),
        new(Mnemonic.Psubusb, Emit<SubSaturated<byte>>),
        new(Mnemonic.Psubusw, Emit<SubSaturated<ushort>>),
        new(Mnemonic.Pcmpeqb, Emit<EqualLanes<byte>>),
        new(Mnemonic.Pcmpeqw, Emit<EqualLanes<ushort>>),
        new(Mnemonic.Pcmpeqd, Emit<EqualLanes<uint>>),
        new(Mnemonic.Pcmpgtb, Emit<GreaterLanes<sbyte>>),
        new(Mnemonic.Pcmpgtw, Emit<GreaterLanes<short>>),
        new(Mnemonic.Pcmpgtd, Emit<GreaterLanes<int>>),
        new(Mnemonic.Pminub, Emit<MinLanes<byte>>),
        new(Mnemonic.Pminsw, Emit<MinLanes<short>>),
        new(Mnemonic.Pmaxub, Emit<MaxLanes<byte>>),
        new(Mnemonic.Pmaxsw, Emit<MaxLanes<short>>),
        new(Mnemonic.Pavgb, Emit<AverageLanes<byte>>),
        new(Mnemonic.Pavgw, Emit<AverageLanes<ushort>>),
        new(Mnemonic.Pmullw, Emit<MultiplyLow>),
        new(Mnemonic.Pmulhw, Emit<MultiplyHigh>),
        new(Mnemonic.Pmulhuw, Emit<MultiplyHighUnsigned>),
        new(Mnemonic.Pmuludq, Emit<MultiplyDoublewords>),
        new(Mnemonic.Pmaddwd, Emit<MultiplyAdd>),
        new(Mnemonic.Psadbw, Emit<SumOfDifferences>),
        new(Mnemonic.Packsswb, Emit<PackSignedWords, MmxPack<PackSignedWords>>),
        new(Mnemonic.Packssdw, Emit<PackSignedDoublewords, MmxPack<PackSignedDoublewords>>),
        new(Mnemonic.Packuswb, Emit<PackUnsignedWords, MmxPack<PackUnsignedWords>>),
        new(Mnemonic.Punpcklbw, Emit<InterleaveLowBytes>),
        new(Mnemonic.Punpcklwd, Emit<InterleaveLowWords>),
        new(Mnemonic.Punpckldq, Emit<InterleaveLowDoublewords>),
        new(Mnemonic.Unpcklps, Emit<InterleaveLowDoublewords>),
        new(Mnemonic.Punpcklqdq, Emit<InterleaveLowQuadwords>),
        new(Mnemonic.Unpcklpd, Emit<InterleaveLowQuadwords>),
        new(Mnemonic.Punpckhbw, Emit<InterleaveHighBytes, MmxHigh<InterleaveLowBytes>>),
        new(Mnemonic.Punpckhwd, Emit<InterleaveHighWords, MmxHigh<InterleaveLowWords>>),
        new(Mnemonic.Punpckhdq, Emit<InterleaveHighDoublewords, MmxHigh<InterleaveLowDoublewords>>),
        new(Mnemonic.Unpckhps, Emit<InterleaveHighDoublewords>),
        new(Mnemonic.Punpckhqdq, Emit<InterleaveHighQuadwords>),
        new(Mnemonic.Unpckhpd, Emit<InterleaveHighQuadwords>),
    ];

    private static bool Emit<TOp>(ref OpBuilder b)
        where TOp : struct, IVectorOp => Emit<TOp, TOp>(ref b);

    private static bool Emit<TXmm, TMmx>(ref OpBuilder b)
        where TXmm : struct, IVectorOp
        where TMmx : struct, IVectorOp
    {
        SseForms.Take(ref b);
        if (SseForms.IsXmm(b, 0))
        {
            b.Op->Run = b.IsMemory(1) ? &XmmMemory<TXmm> : &XmmRegister<TXmm>;
            return true;
        }

        b.Op->Immediate = (ulong)b.Instruction.MemorySize.GetSize();
        b.Op->Run = b.IsMemory(1) ? &MmxMemory<TMmx> : &MmxRegister<TMmx>;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* XmmRegister<TOp>(Vcpu vcpu, CpuState* s, Op* op)
        where TOp : struct, IVectorOp
    {
        Vector128<byte>* dst = SseForms.Dst(s, op);
        *dst = TOp.Apply(*dst, *SseForms.Src(s, op));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* XmmMemory<TOp>(Vcpu vcpu, CpuState* s, Op* op)
        where TOp : struct, IVectorOp
    {
        byte* from = SseForms.ReadAligned(vcpu, s, op);
        if (from is null)
        {
            return null;
        }

        Vector128<byte>* dst = SseForms.Dst(s, op);
        *dst = TOp.Apply(*dst, Vector128.Load(from));
        return op + 1;
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
}
