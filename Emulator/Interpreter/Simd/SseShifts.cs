using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>Shifts of vector lanes by an immediate or by the low 64 bits of the source.</summary>
/// <remarks>A count at or above the lane width gives zero, or copies of the sign. Source: [SDM2 "PSLLW", "PSRLW", "PSRAW" and their kin].</remarks>
internal static unsafe class SseShifts
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Psllw, Emit<LeftWords>),
        new(Mnemonic.Pslld, Emit<LeftDoublewords>),
        new(Mnemonic.Psllq, Emit<LeftQuadwords>),
        new(Mnemonic.Psrlw, Emit<RightWords>),
        new(Mnemonic.Psrld, Emit<RightDoublewords>),
        new(Mnemonic.Psrlq, Emit<RightQuadwords>),
        new(Mnemonic.Psraw, Emit<SignedRightWords>),
        new(Mnemonic.Psrad, Emit<SignedRightDoublewords>),
    ];

    /// <summary>What a shift computes.</summary>
    internal interface IShift
    {
        /// <summary>The lanes of <paramref name="a"/> shifted by <paramref name="count"/>, any 64-bit number.</summary>
        static abstract V Apply(V a, ulong count);
    }

    private static bool Emit<TShift>(ref OpBuilder b)
        where TShift : struct, IShift
    {
        SseForms.Take(ref b);
        bool mmx = SseForms.IsMmx(b, 0);
        if (b.IsImmediate(1))
        {
            b.Op->Immediate = b.Instruction.GetImmediate(1);
            b.Op->Run = mmx ? &MmxImmediate<TShift> : &XmmImmediate<TShift>;
            return true;
        }

        b.Op->Run = mmx
            ? b.IsMemory(1) ? &MmxMemory<TShift> : &MmxRegister<TShift>
            : b.IsMemory(1) ? &XmmMemory<TShift> : &XmmRegister<TShift>;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* XmmImmediate<TShift>(Vcpu vcpu, CpuState* s, Op* op)
        where TShift : struct, IShift
    {
        V* dst = SseForms.Dst(s, op);
        *dst = TShift.Apply(*dst, op->Immediate);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* XmmRegister<TShift>(Vcpu vcpu, CpuState* s, Op* op)
        where TShift : struct, IShift
    {
        V* dst = SseForms.Dst(s, op);
        *dst = TShift.Apply(*dst, *(ulong*)SseForms.Src(s, op));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* XmmMemory<TShift>(Vcpu vcpu, CpuState* s, Op* op)
        where TShift : struct, IShift
    {
        byte* from = SseForms.ReadAligned(vcpu, s, op);
        if (from is null)
        {
            return null;
        }

        V* dst = SseForms.Dst(s, op);
        *dst = TShift.Apply(*dst, *(ulong*)from);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxImmediate<TShift>(Vcpu vcpu, CpuState* s, Op* op)
        where TShift : struct, IShift => Mmx<TShift>(s, op, op->Immediate);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxRegister<TShift>(Vcpu vcpu, CpuState* s, Op* op)
        where TShift : struct, IShift => Mmx<TShift>(s, op, MmxMoves.Read(s, op->Src));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxMemory<TShift>(Vcpu vcpu, CpuState* s, Op* op)
        where TShift : struct, IShift
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 8);
        return from is null ? vcpu.Fault(op) : Mmx<TShift>(s, op, *(ulong*)from);
    }

    private static Op* Mmx<TShift>(CpuState* s, Op* op, ulong count)
        where TShift : struct, IShift
    {
        MmxMoves.Enter(s);
        V old = Vector128.CreateScalar(MmxMoves.Read(s, op->Dst)).AsByte();
        MmxMoves.Write(s, op->Dst, TShift.Apply(old, count).AsUInt64().ToScalar());
        return op + 1;
    }

    private readonly struct LeftWords : IShift
    {
        public static V Apply(V a, ulong count) => count > 15 ? V.Zero : (a.AsUInt16() << (int)count).AsByte();
    }

    private readonly struct LeftDoublewords : IShift
    {
        public static V Apply(V a, ulong count) => count > 31 ? V.Zero : (a.AsUInt32() << (int)count).AsByte();
    }

    private readonly struct LeftQuadwords : IShift
    {
        public static V Apply(V a, ulong count) => count > 63 ? V.Zero : (a.AsUInt64() << (int)count).AsByte();
    }

    private readonly struct RightWords : IShift
    {
        public static V Apply(V a, ulong count) => count > 15 ? V.Zero : (a.AsUInt16() >>> (int)count).AsByte();
    }

    private readonly struct RightDoublewords : IShift
    {
        public static V Apply(V a, ulong count) => count > 31 ? V.Zero : (a.AsUInt32() >>> (int)count).AsByte();
    }

    private readonly struct RightQuadwords : IShift
    {
        public static V Apply(V a, ulong count) => count > 63 ? V.Zero : (a.AsUInt64() >>> (int)count).AsByte();
    }

    private readonly struct SignedRightWords : IShift
    {
        public static V Apply(V a, ulong count) => (a.AsInt16() >> (int)Math.Min(count, 15)).AsByte();
    }

    private readonly struct SignedRightDoublewords : IShift
    {
        public static V Apply(V a, ulong count) => (a.AsInt32() >> (int)Math.Min(count, 31)).AsByte();
    }
}
