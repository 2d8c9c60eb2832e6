using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Shifts of vector lanes by an immediate or by the low 64 bits of the source.</summary>
/// <remarks>A count at or above the lane width gives zero, or copies of the sign. Source: [SDM2 "PSLLW", "PSRLW", "PSRAW" and their kin].</remarks>
internal static unsafe class SseShifts
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Psllw, Emit<LeftWords>, Mnemonic.Vpsllw),
        new(Mnemonic.Pslld, Emit<LeftDoublewords>, Mnemonic.Vpslld),
        new(Mnemonic.Psllq, Emit<LeftQuadwords>, Mnemonic.Vpsllq),
        new(Mnemonic.Psrlw, Emit<RightWords>, Mnemonic.Vpsrlw),
        new(Mnemonic.Psrld, Emit<RightDoublewords>, Mnemonic.Vpsrld),
        new(Mnemonic.Psrlq, Emit<RightQuadwords>, Mnemonic.Vpsrlq),
        new(Mnemonic.Psraw, Emit<SignedRightWords>, Mnemonic.Vpsraw),
        new(Mnemonic.Psrad, Emit<SignedRightDoublewords>, Mnemonic.Vpsrad),
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
        bool byImmediate = b.IsImmediate(b.Instruction.OpCount - 1);
        VectorOperands.Take(ref b);
        if (VectorOperands.IsMmx(b, 0))
        {
            b.Op->Run = byImmediate ? &MmxImmediate<TShift> : b.IsMemory(1) ? &MmxMemory<TShift> : &MmxRegister<TShift>;
        }
        else if (byImmediate)
        {
            b.Op->Src = b.Instruction.Encoding == EncodingKind.Legacy ? b.Op->Dst : b.Op->Src;
            VectorEmitter.SetRun<ByImmediate<TShift>>(ref b);
        }
        else
        {
            VectorEmitter.SetRun<ByVector<TShift>>(ref b);
        }

        return true;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Op* Shift<TShift, TForm>(CpuState* s, Op* op, V* from, ulong count)
        where TShift : struct, IShift
        where TForm : struct, IVectorForm
    {
        V* dst = VectorOperands.Dst(s, op);
        dst[0] = TShift.Apply(from[0], count);
        if (TForm.Lanes == 2)
        {
            dst[1] = TShift.Apply(from[1], count);
        }

        TForm.ClearAbove(dst);
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

    /// <summary>The source's lanes by the immediate.</summary>
    private readonly struct ByImmediate<TShift> : IVectorHandler
        where TShift : struct, IShift
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 16 * TForm.Lanes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm => Shift<TShift, TForm>(s, op, (V*)source, op->Immediate);
    }

    /// <summary>The first source's lanes by the low quadword of the second, which is 16 bytes in memory under any form.</summary>
    private readonly struct ByVector<TShift> : IVectorHandler
        where TShift : struct, IShift
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 16;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm => Shift<TShift, TForm>(s, op, TForm.First(s, op), *(ulong*)source);
    }
}
