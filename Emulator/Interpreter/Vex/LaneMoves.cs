using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.Simd;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Vex;

/// <summary>Moves of whole lanes, and the two instructions that clear registers.</summary>
/// <remarks>
/// Source: [SDM2 "VINSERTF128/VINSERTF32x4", "VEXTRACTF128/VEXTRACTF32x4", "VPERM2F128", "VPERM2I128", "VZEROALL", "VZEROUPPER"].
/// </remarks>
internal static unsafe class LaneMoves
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Vinsertf128, VectorEmitter.Emit<Insert>),
        new(Mnemonic.Vinserti128, VectorEmitter.Emit<Insert>),
        new(Mnemonic.Vextractf128, EmitExtract),
        new(Mnemonic.Vextracti128, EmitExtract),
        new(Mnemonic.Vperm2f128, VectorEmitter.Emit<Permute>),
        new(Mnemonic.Vperm2i128, VectorEmitter.Emit<Permute>),
        new(Mnemonic.Vzeroupper, EmitZeroUpper),
        new(Mnemonic.Vzeroall, EmitZeroAll),
    ];

    private static bool EmitExtract(ref OpBuilder b)
    {
        VectorOperands.Take(ref b);
        b.Op->Immediate &= 1;
        b.Op->Run = b.IsMemory(0) ? &ExtractToMemory : &Extract;
        return true;
    }

    private static bool EmitZeroUpper(ref OpBuilder b)
    {
        b.Op->Run = &ZeroUpper;
        return true;
    }

    private static bool EmitZeroAll(ref OpBuilder b)
    {
        b.Op->Run = &ZeroAll;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Extract(Vcpu vcpu, CpuState* s, Op* op)
    {
        V* dst = VectorOperands.Dst(s, op);
        dst[0] = VectorOperands.Src(s, op)[op->Immediate];
        dst[1] = V.Zero;
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ExtractToMemory(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), 16);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        VectorOperands.Src(s, op)[op->Immediate].Store(to);
        vcpu.Commit(s);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ZeroUpper(Vcpu vcpu, CpuState* s, Op* op)
    {
        for (int i = 0; i < 16; i++)
        {
            ((V*)Operands.Vector(s, i))[1] = V.Zero;
        }

        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ZeroAll(Vcpu vcpu, CpuState* s, Op* op)
    {
        new Span<byte>(Operands.Vector(s, 0), 16 * 32).Clear();
        return op + 1;
    }

    /// <summary>The first source with the lane that bit 0 of the immediate names replaced.</summary>
    private readonly struct Insert : IVectorHandler
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 16;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            V* dst = VectorOperands.Dst(s, op);
            V* a = TForm.First(s, op);
            V lane = Vector128.Load(source);
            bool high = (op->Immediate & 1) != 0;
            (dst[0], dst[1]) = (high ? a[0] : lane, high ? lane : a[1]);
            return op + 1;
        }
    }

    /// <summary>Each lane one of the four lanes of both sources, or zero: four bits of the immediate each.</summary>
    private readonly struct Permute : IVectorHandler
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 32;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            V* dst = VectorOperands.Dst(s, op);
            V* a = TForm.First(s, op);
            V* b = (V*)source;
            (dst[0], dst[1]) = (HalfOf(a, b, (int)op->Immediate), HalfOf(a, b, (int)op->Immediate >> 4));
            return op + 1;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V HalfOf(V* a, V* b, int selector) =>
            (selector & 8) != 0 ? V.Zero : ((selector & 2) == 0 ? a : b)[selector & 1];
    }
}
