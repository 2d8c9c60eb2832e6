using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.Simd;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Vex;

/// <summary>Permutations of elements: within lanes by an immediate or a vector, and across lanes.</summary>
/// <remarks>Source: [SDM2 "VPERMILPS", "VPERMILPD", "VPERMD/VPERMW", "VPERMPS", "VPERMQ", "VPERMPD", "VPBLENDD"].</remarks>
internal static unsafe class Permutes
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Vpermilps, EmitInLane<SinglesByOrder, SinglesByVector>),
        new(Mnemonic.Vpermilpd, EmitInLane<DoublesByOrder, DoublesByVector>),
        new(Mnemonic.Vpermd, VectorEmitter.Emit<Doublewords>),
        new(Mnemonic.Vpermps, VectorEmitter.Emit<Doublewords>),
        new(Mnemonic.Vpermq, VectorEmitter.Emit<Quadwords>),
        new(Mnemonic.Vpermpd, VectorEmitter.Emit<Quadwords>),
        new(Mnemonic.Vpblendd, SseShuffles.Emit<BlendDoublewords>),
    ];

    private static bool EmitInLane<TOrder, TVector>(ref OpBuilder b)
        where TOrder : struct, SseShuffles.IShuffle
        where TVector : struct, IVectorOp =>
        b.IsImmediate(b.Instruction.OpCount - 1) ? SseShuffles.Emit<TOrder>(ref b) : SsePacked.Emit<TVector>(ref b);

    private readonly struct SinglesByOrder : SseShuffles.IShuffle
    {
        public static V Apply(V a, V b, uint order)
        {
            uint* from = (uint*)&b;
            return Vector128.Create(from[order & 3], from[(order >> 2) & 3], from[(order >> 4) & 3], from[order >> 6]).AsByte();
        }
    }

    private readonly struct DoublesByOrder : SseShuffles.IShuffle
    {
        public static uint OrderAbove(uint order) => order >> 2;

        public static V Apply(V a, V b, uint order)
        {
            ulong* from = (ulong*)&b;
            return Vector128.Create(from[order & 1], from[(order >> 1) & 1]).AsByte();
        }
    }

    private readonly struct SinglesByVector : IVectorOp
    {
        public static V Apply(V a, V b) => Vector128.Shuffle(a.AsUInt32(), b.AsUInt32() & Vector128.Create(3U)).AsByte();
    }

    /// <summary>Bit 1 of each quadword of the source selects.</summary>
    private readonly struct DoublesByVector : IVectorOp
    {
        public static V Apply(V a, V b) => Vector128.Shuffle(a.AsUInt64(), (b.AsUInt64() >> 1) & Vector128.Create(1UL)).AsByte();
    }

    /// <summary>The first source holds the indices of the source's eight doublewords.</summary>
    private readonly struct Doublewords : IVectorHandler
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 32;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            Vector256<uint> indices = *(Vector256<uint>*)TForm.First(s, op) & Vector256.Create(7U);
            *(Vector256<uint>*)VectorOperands.Dst(s, op) = Vector256.Shuffle(*(Vector256<uint>*)source, indices);
            return op + 1;
        }
    }

    /// <summary>Two bits of the immediate choose each of four quadwords.</summary>
    private readonly struct Quadwords : IVectorHandler
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 32;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            ulong* from = (ulong*)source;
            int order = (int)op->Immediate;
            V low = Vector128.Create(from[order & 3], from[(order >> 2) & 3]).AsByte();
            V high = Vector128.Create(from[(order >> 4) & 3], from[(order >> 6) & 3]).AsByte();
            V* dst = VectorOperands.Dst(s, op);
            (dst[0], dst[1]) = (low, high);
            return op + 1;
        }
    }
}
