using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Instructions that read a third vector: XMM0 in the legacy forms, a register named by the immediate under VEX.</summary>
/// <remarks>Source: [SDM2 "BLENDVPS", "BLENDVPD", "PBLENDVB"].</remarks>
internal static unsafe class SseSelects
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Pblendvb, VectorEmitter.Emit<Select<BlendBySigns<sbyte>>>, Mnemonic.Vpblendvb),
        new(Mnemonic.Blendvps, VectorEmitter.Emit<Select<BlendBySigns<int>>>, Mnemonic.Vblendvps),
        new(Mnemonic.Blendvpd, VectorEmitter.Emit<Select<BlendBySigns<long>>>, Mnemonic.Vblendvpd),
    ];

    /// <summary>An operation with a third vector on each lane.</summary>
    internal readonly struct Select<TOp> : IVectorHandler
        where TOp : struct, ISelectOp
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
            Vector128<byte>* third = (Vector128<byte>*)Operands.Vector(s, op->Third);
            dst[0] = TOp.Apply(a[0], b[0], third[0]);
            if (TForm.Lanes == 2)
            {
                dst[1] = TOp.Apply(a[1], b[1], third[1]);
            }

            TForm.ClearAbove(dst);
            return op + 1;
        }
    }
}
