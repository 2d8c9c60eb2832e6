using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>Moves of one half of an XMM register, of sign masks, of single words, and the non-temporal integer store.</summary>
/// <remarks>Source: [SDM2 "MOVHPS", "MOVLPS", "MOVHLPS", "MOVLHPS", "MOVMSKPS", "PMOVMSKB", "PEXTRW", "PINSRW", "MOVNTI"].</remarks>
internal static unsafe class SseHalves
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Movhps, EmitHigh),
        new(Mnemonic.Movhpd, EmitHigh),
        new(Mnemonic.Movlps, EmitLow),
        new(Mnemonic.Movlpd, EmitLow),
        new(Mnemonic.Movhlps, EmitHighToLow),
        new(Mnemonic.Movlhps, EmitLowToHigh),
        new(Mnemonic.Movmskps, EmitSigns32),
        new(Mnemonic.Movmskpd, EmitSigns64),
        new(Mnemonic.Pmovmskb, EmitSigns8),
        new(Mnemonic.Pextrw, EmitExtract),
        new(Mnemonic.Pinsrw, EmitInsert),
        new(Mnemonic.Movnti, EmitNonTemporal),
    ];

    private static bool EmitHigh(ref OpBuilder b)
    {
        SseForms.Take(ref b);
        b.Op->Run = b.IsMemory(0) ? &StoreHigh : &LoadHigh;
        return true;
    }

    private static bool EmitLow(ref OpBuilder b)
    {
        SseForms.Take(ref b);
        b.Op->Run = b.IsMemory(0) ? &StoreLow : &LoadLow;
        return true;
    }

    private static bool EmitHighToLow(ref OpBuilder b)
    {
        SseForms.Take(ref b);
        b.Op->Run = &HighToLow;
        return true;
    }

    private static bool EmitLowToHigh(ref OpBuilder b)
    {
        SseForms.Take(ref b);
        b.Op->Run = &LowToHigh;
        return true;
    }

    private static bool EmitSigns32(ref OpBuilder b)
    {
        SseForms.Take(ref b);
        b.Op->Run = &Signs32;
        return true;
    }

    private static bool EmitSigns64(ref OpBuilder b)
    {
        SseForms.Take(ref b);
        b.Op->Run = &Signs64;
        return true;
    }

    private static bool EmitSigns8(ref OpBuilder b)
    {
        SseForms.Take(ref b);
        b.Op->Run = SseForms.IsMmx(b, 1) ? &MmxMoves.Signs : &Signs8;
        return true;
    }

    private static bool EmitExtract(ref OpBuilder b)
    {
        if (!b.IsRegister(0))
        {
            return false;
        }

        SseForms.Take(ref b);
        bool mmx = SseForms.IsMmx(b, 1);
        b.Op->Immediate &= mmx ? 3UL : 7;
        b.Op->Run = mmx ? &MmxMoves.ExtractWord : &ExtractWord;
        return true;
    }

    private static bool EmitInsert(ref OpBuilder b)
    {
        SseForms.Take(ref b);
        bool mmx = SseForms.IsMmx(b, 0);
        b.Op->Immediate &= mmx ? 3UL : 7;
        b.Op->Run = mmx
            ? b.IsMemory(1) ? &MmxMoves.InsertMemoryWord : &MmxMoves.InsertWord
            : b.IsMemory(1) ? &InsertMemoryWord : &InsertWord;
        return true;
    }

    private static bool EmitNonTemporal(ref OpBuilder b)
    {
        SseForms.Take(ref b);
        b.Op->Run = b.Instruction.Code == Code.Movnti_m32_r32 ? &StoreGeneral<W32> : &StoreGeneral<W64>;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* LoadLow(Vcpu vcpu, CpuState* s, Op* op) => LoadHalf(vcpu, s, op, (ulong*)SseForms.Dst(s, op));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* LoadHigh(Vcpu vcpu, CpuState* s, Op* op) => LoadHalf(vcpu, s, op, (ulong*)SseForms.Dst(s, op) + 1);

    private static Op* LoadHalf(Vcpu vcpu, CpuState* s, Op* op, ulong* half)
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 8);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        *half = *(ulong*)from;
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StoreLow(Vcpu vcpu, CpuState* s, Op* op) => StoreHalf(vcpu, s, op, (ulong*)SseForms.Src(s, op));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StoreHigh(Vcpu vcpu, CpuState* s, Op* op) => StoreHalf(vcpu, s, op, (ulong*)SseForms.Src(s, op) + 1);

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
    private static Op* StoreGeneral<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), TWidth.Bytes);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        TWidth.Write(to, TWidth.Read(Operands.Src(s, op)));
        vcpu.Commit(s);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* HighToLow(Vcpu vcpu, CpuState* s, Op* op)
    {
        *(ulong*)SseForms.Dst(s, op) = ((ulong*)SseForms.Src(s, op))[1];
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* LowToHigh(Vcpu vcpu, CpuState* s, Op* op)
    {
        ((ulong*)SseForms.Dst(s, op))[1] = *(ulong*)SseForms.Src(s, op);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Signs8(Vcpu vcpu, CpuState* s, Op* op)
    {
        *(ulong*)Operands.Dst(s, op) = SseForms.Src(s, op)->ExtractMostSignificantBits();
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Signs32(Vcpu vcpu, CpuState* s, Op* op)
    {
        *(ulong*)Operands.Dst(s, op) = SseForms.Src(s, op)->AsUInt32().ExtractMostSignificantBits();
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Signs64(Vcpu vcpu, CpuState* s, Op* op)
    {
        *(ulong*)Operands.Dst(s, op) = SseForms.Src(s, op)->AsUInt64().ExtractMostSignificantBits();
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ExtractWord(Vcpu vcpu, CpuState* s, Op* op)
    {
        *(ulong*)Operands.Dst(s, op) = ((ushort*)SseForms.Src(s, op))[op->Immediate];
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* InsertWord(Vcpu vcpu, CpuState* s, Op* op)
    {
        ((ushort*)SseForms.Dst(s, op))[op->Immediate] = *(ushort*)Operands.Src(s, op);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* InsertMemoryWord(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 2);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        ((ushort*)SseForms.Dst(s, op))[op->Immediate] = *(ushort*)from;
        return op + 1;
    }
}
