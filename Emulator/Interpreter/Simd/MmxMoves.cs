using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Moves to and from the MMX registers, which are the significands of the x87 registers.</summary>
/// <remarks>
/// Every MMX instruction sets TOP to 0 and marks all eight registers in use (EMMS: free); a write fills sign and exponent with ones.
/// Source: [SDM1 Programming with MMX Technology, "Effect of MMX Instructions on the x87 FPU Tag Word"].
/// </remarks>
internal static unsafe class MmxMoves
{
    private const ulong Ones = 0x8080_8080_8080_8080;

    /// <summary>The instructions of this group, without MOVD and MOVQ.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Movntq, Emit),
        new(Mnemonic.Maskmovq, EmitMasked),
        new(Mnemonic.Movq2dq, EmitToXmm),
        new(Mnemonic.Movdq2q, EmitFromXmm),
        new(Mnemonic.Emms, EmitEmms),
    ];

    /// <summary>Turns to MMX mode before an instruction that may no longer fault.</summary>
    public static void Enter(CpuState* s)
    {
        s->FpuTop = 0;
        s->FpuInUse = 0xFF;
    }

    /// <summary>Register <paramref name="number"/>.</summary>
    public static ulong Read(CpuState* s, int number) => *(ulong*)(s->Fpu + (number * 16));

    /// <summary>Writes register <paramref name="number"/>.</summary>
    public static void Write(CpuState* s, int number, ulong value)
    {
        *(ulong*)(s->Fpu + (number * 16)) = value;
        *(ushort*)(s->Fpu + (number * 16) + 8) = 0xFFFF;
    }

    /// <summary>MOVD, MOVQ and MOVNTQ with an MMX register on one side at least.</summary>
    public static bool Emit(ref OpBuilder b)
    {
        VectorOperands.Take(ref b);
        bool narrow = b.Instruction.Code is Code.Movd_mm_rm32 or Code.Movd_rm32_mm;
        b.Op->Run = narrow ? HandlerOf<W32>(b) : HandlerOf<W64>(b);
        return true;
    }

    /// <summary>PMOVMSKB from an MMX register.</summary>
    public static Op* Signs(Vcpu vcpu, CpuState* s, Op* op)
    {
        Enter(s);
        ulong signs = Read(s, op->Src) & Ones;
        *(ulong*)Operands.Dst(s, op) = ((signs >> 7) * 0x0102_0408_1020_4080) >> 56;
        return op + 1;
    }

    /// <summary>PEXTRW from an MMX register.</summary>
    public static Op* ExtractWord(Vcpu vcpu, CpuState* s, Op* op)
    {
        Enter(s);
        *(ulong*)Operands.Dst(s, op) = (ushort)(Read(s, op->Src) >> ((int)op->Immediate * 16));
        return op + 1;
    }

    /// <summary>PINSRW into an MMX register.</summary>
    public static Op* InsertWord(Vcpu vcpu, CpuState* s, Op* op) => Insert(s, op, *(ushort*)Operands.Src(s, op));

    /// <summary>PINSRW from memory into an MMX register.</summary>
    public static Op* InsertMemoryWord(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 2);
        return from is null ? vcpu.Fault(op) : Insert(s, op, *(ushort*)from);
    }

    private static Op* Insert(CpuState* s, Op* op, ushort value)
    {
        Enter(s);
        int shift = (int)op->Immediate * 16;
        Write(s, op->Dst, (Read(s, op->Dst) & ~(0xFFFFUL << shift)) | ((ulong)value << shift));
        return op + 1;
    }

    private static Handler HandlerOf<TWidth>(in OpBuilder b)
        where TWidth : struct, IWidth
    {
        if (VectorOperands.IsMmx(b, 0))
        {
            return b.IsMemory(1) ? &Load<TWidth> : VectorOperands.IsMmx(b, 1) ? &Copy : &FromGeneral<TWidth>;
        }

        return !b.IsMemory(0) ? &ToGeneral<TWidth>
            : b.Model.Has(CpuHabits.MmxStoreClearsTopFirst) ? &ClearTopAndStore<TWidth>
            : &Store<TWidth>;
    }

    private static bool EmitMasked(ref OpBuilder b)
    {
        MaskedStore.TakeAddress(ref b);
        b.Op->Dst = (byte)b.Instruction.Op1Register.GetNumber();
        b.Op->Src = (byte)b.Instruction.Op2Register.GetNumber();
        b.Op->Run = &StoreMasked;
        return true;
    }

    private static bool EmitToXmm(ref OpBuilder b)
    {
        VectorOperands.Take(ref b);
        b.Op->Run = &ToXmm;
        return true;
    }

    private static bool EmitFromXmm(ref OpBuilder b)
    {
        VectorOperands.Take(ref b);
        b.Op->Run = &FromXmm;
        return true;
    }

    private static bool EmitEmms(ref OpBuilder b)
    {
        b.Op->Run = &Empty;
        return true;
    }

    private static Op* Load<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        Enter(s);
        Write(s, op->Dst, TWidth.Read(from));
        return op + 1;
    }

    private static Op* Store<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), TWidth.Bytes);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        Enter(s);
        TWidth.Write(to, Read(s, op->Src));
        vcpu.Commit(s);
        return op + 1;
    }

    /// <summary>A store that faults leaves TOP at 0, and the tags as they were.</summary>
    private static Op* ClearTopAndStore<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        s->FpuTop = 0;
        return Store<TWidth>(vcpu, s, op);
    }

    /// <summary>The registers turn to MMX mode even when the store then faults.</summary>
    private static Op* StoreMasked(Vcpu vcpu, CpuState* s, Op* op)
    {
        Enter(s);
        ulong data = Read(s, op->Dst);
        ulong mask = Read(s, op->Src);
        return MaskedStore.Run(vcpu, s, op, new ReadOnlySpan<byte>(&data, 8), new ReadOnlySpan<byte>(&mask, 8));
    }

    private static Op* Copy(Vcpu vcpu, CpuState* s, Op* op)
    {
        Enter(s);
        Write(s, op->Dst, Read(s, op->Src));
        return op + 1;
    }

    private static Op* FromGeneral<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        Enter(s);
        Write(s, op->Dst, TWidth.Read(Operands.Src(s, op)));
        return op + 1;
    }

    private static Op* ToGeneral<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        Enter(s);
        ulong value = Read(s, op->Src);
        TWidth.WriteRegister(Operands.Dst(s, op), TWidth.Read((byte*)&value));
        return op + 1;
    }

    private static Op* ToXmm(Vcpu vcpu, CpuState* s, Op* op)
    {
        Enter(s);
        ulong* to = (ulong*)VectorOperands.Dst(s, op);
        (to[0], to[1]) = (Read(s, op->Src), 0);
        return op + 1;
    }

    private static Op* FromXmm(Vcpu vcpu, CpuState* s, Op* op)
    {
        Enter(s);
        Write(s, op->Dst, *(ulong*)VectorOperands.Src(s, op));
        return op + 1;
    }

    private static Op* Empty(Vcpu vcpu, CpuState* s, Op* op)
    {
        s->FpuTop = 0;
        s->FpuInUse = 0;
        return op + 1;
    }
}
