using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.Simd;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Vex;

/// <summary>VTESTPS and VTESTPD: PTEST of the sign bits alone.</summary>
/// <remarks>ZF when no sign is set in both, CF when the source has none that the first lacks. Source: [SDM2 "VTESTPD/VTESTPS"].</remarks>
internal static unsafe class SignTests
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Vtestps, VectorEmitter.Emit<Test<uint>>),
        new(Mnemonic.Vtestpd, VectorEmitter.Emit<Test<ulong>>),
    ];

    private readonly struct Test<T> : IVectorHandler
        where T : unmanaged
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
            V lacking = b[0] & ~a[0];
            if (TForm.Lanes == 2)
            {
                shared |= a[1] & b[1];
                lacking |= b[1] & ~a[1];
            }

            Rflags.WriteArithmetic(s, (Signs(shared) == 0 ? Rflags.ZF : 0) | (Signs(lacking) == 0 ? Rflags.CF : 0));
            return op + 1;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static uint Signs(V lanes) => lanes.As<byte, T>().ExtractMostSignificantBits();
    }
}
