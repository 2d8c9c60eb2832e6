using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>PTEST: ZF when source and destination share no bit, CF when the source has none that the destination lacks.</summary>
/// <remarks>Source: [SDM2 "PTEST"].</remarks>
internal static unsafe class SseTests
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Ptest, VectorEmitter.Emit<Test>, Mnemonic.Vptest),
    ];

    private readonly struct Test : IVectorHandler
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 16 * TForm.Lanes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            V* a = VectorOperands.Dst(s, op);
            V* b = (V*)source;
            V shared = a[0] & b[0];
            V lacking = Vector128.AndNot(b[0], a[0]);
            if (TForm.Lanes == 2)
            {
                shared |= a[1] & b[1];
                lacking |= Vector128.AndNot(b[1], a[1]);
            }

            Rflags.WriteArithmetic(s, (shared == V.Zero ? Rflags.ZF : 0) | (lacking == V.Zero ? Rflags.CF : 0));
            return op + 1;
        }
    }
}
