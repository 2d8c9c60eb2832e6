using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>Moves of whole XMM registers, and of their low 4 or 8 bytes.</summary>
/// <remarks>
/// A load of less than 16 bytes clears the rest of the register, a register move of MOVSS and MOVSD keeps it. Non-temporal stores
/// are ordinary stores here. Source: [SDM2 "MOVAPS", "MOVUPS", "MOVDQA", "MOVDQU", "MOVSS", "MOVSD", "MOVD/MOVQ", "MOVNTDQ"].
/// </remarks>
internal static unsafe class SseMoves
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Movaps, EmitAligned),
        new(Mnemonic.Movapd, EmitAligned),
        new(Mnemonic.Movdqa, EmitAligned),
        new(Mnemonic.Movntps, EmitAligned),
        new(Mnemonic.Movntpd, EmitAligned),
        new(Mnemonic.Movntdq, EmitAligned),
        new(Mnemonic.Movntdqa, EmitAligned),
        new(Mnemonic.Lddqu, EmitUnaligned),
        new(Mnemonic.Movups, EmitUnaligned),
        new(Mnemonic.Movupd, EmitUnaligned),
        new(Mnemonic.Movdqu, EmitUnaligned),
        new(Mnemonic.Movss, EmitScalar<W32>),
        new(Mnemonic.Movsd, EmitScalar<W64>),
        new(Mnemonic.Movd, EmitInteger),
        new(Mnemonic.Movq, EmitInteger),
        new(Mnemonic.Maskmovdqu, EmitMasked),
    ];

    private static bool EmitAligned(ref OpBuilder b)
    {
        SseForms.Take(ref b);
        b.Op->Run = b.IsMemory(0) ? &StoreAligned : b.IsMemory(1) ? &LoadAligned : &Copy;
        return true;
    }

    private static bool EmitUnaligned(ref OpBuilder b)
    {
        SseForms.Take(ref b);
        b.Op->Run = b.IsMemory(0) ? &Store : b.IsMemory(1) ? &Load : &Copy;
        return true;
    }

    private static bool EmitScalar<TWidth>(ref OpBuilder b)
        where TWidth : struct, IWidth
    {
        if (b.Instruction.OpCount != 2 || !(SseForms.IsXmm(b, 0) || SseForms.IsXmm(b, 1)))
        {
            return false;
        }

        SseForms.Take(ref b);
        b.Op->Run = b.IsMemory(0) ? &StoreLow<TWidth> : b.IsMemory(1) ? &LoadLow<TWidth> : &Merge<TWidth>;
        return true;
    }

    /// <summary>MOVD and MOVQ between XMM, general registers and memory; the forms with MMX registers are <see cref="MmxMoves"/>'s.</summary>
    private static bool EmitInteger(ref OpBuilder b)
    {
        if (SseForms.IsMmx(b, 0) || SseForms.IsMmx(b, 1))
        {
            return MmxMoves.Emit(ref b);
        }

        SseForms.Take(ref b);
        bool narrow = b.Instruction.Code is Code.Movd_xmm_rm32 or Code.Movd_rm32_xmm;
        b.Op->Run = narrow ? PickInteger<W32>(b) : PickInteger<W64>(b);
        return true;
    }

    private static delegate*<Vcpu, CpuState*, Op*, Op*> PickInteger<TWidth>(in OpBuilder b)
        where TWidth : struct, IWidth
    {
        if (SseForms.IsXmm(b, 0))
        {
            return b.IsMemory(1) ? &LoadLow<TWidth> : SseForms.IsXmm(b, 1) ? &CopyLow : &FromGeneral<TWidth>;
        }

        return b.IsMemory(0) ? &StoreLow<TWidth> : &ToGeneral<TWidth>;
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
    private static Op* Copy(Vcpu vcpu, CpuState* s, Op* op)
    {
        *SseForms.Dst(s, op) = *SseForms.Src(s, op);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Load(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 16);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        *SseForms.Dst(s, op) = Vector128.Load(from);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* LoadAligned(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = SseForms.ReadAligned(vcpu, s, op);
        if (from is null)
        {
            return null;
        }

        *SseForms.Dst(s, op) = Vector128.Load(from);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Store(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), 16);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        SseForms.Src(s, op)->Store(to);
        vcpu.Commit(s);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StoreAligned(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* to = SseForms.OpenAligned(vcpu, s, op);
        if (to is null)
        {
            return null;
        }

        SseForms.Src(s, op)->Store(to);
        vcpu.Commit(s);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* LoadLow<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        *SseForms.Dst(s, op) = Vector128.CreateScalar(TWidth.Read(from)).AsByte();
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StoreLow<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), TWidth.Bytes);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        TWidth.Write(to, TWidth.Read((byte*)SseForms.Src(s, op)));
        vcpu.Commit(s);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Merge<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        TWidth.Write((byte*)SseForms.Dst(s, op), TWidth.Read((byte*)SseForms.Src(s, op)));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* CopyLow(Vcpu vcpu, CpuState* s, Op* op)
    {
        *SseForms.Dst(s, op) = Vector128.CreateScalar(*(ulong*)SseForms.Src(s, op)).AsByte();
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* FromGeneral<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        *SseForms.Dst(s, op) = Vector128.CreateScalar(TWidth.Read(Operands.Src(s, op))).AsByte();
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ToGeneral<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        TWidth.WriteRegister(Operands.Dst(s, op), TWidth.Read((byte*)SseForms.Src(s, op)));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StoreMasked(Vcpu vcpu, CpuState* s, Op* op) =>
        MaskedStore.Run(vcpu, s, op, new ReadOnlySpan<byte>(SseForms.Dst(s, op), 16), new ReadOnlySpan<byte>(SseForms.Src(s, op), 16));
}
