using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.Simd;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Vex;

/// <summary>One element, or one lane, copied to all of the destination.</summary>
/// <remarks>Source: [SDM2 "VBROADCAST", "VPBROADCASTB/W/D/Q", "VBROADCASTI128"].</remarks>
internal static unsafe class Broadcasts
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Vbroadcastss, VectorEmitter.Emit<Element<uint>>),
        new(Mnemonic.Vbroadcastsd, VectorEmitter.Emit<Element<ulong>>),
        new(Mnemonic.Vbroadcastf128, VectorEmitter.Emit<Lane>),
        new(Mnemonic.Vbroadcasti128, VectorEmitter.Emit<Lane>),
        new(Mnemonic.Vpbroadcastb, VectorEmitter.Emit<Element<byte>>),
        new(Mnemonic.Vpbroadcastw, VectorEmitter.Emit<Element<ushort>>),
        new(Mnemonic.Vpbroadcastd, VectorEmitter.Emit<Element<uint>>),
        new(Mnemonic.Vpbroadcastq, VectorEmitter.Emit<Element<ulong>>),
    ];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Op* Fill<TForm>(CpuState* s, Op* op, V lane)
        where TForm : struct, IVectorForm
    {
        V* dst = VectorOperands.Dst(s, op);
        dst[0] = lane;
        if (TForm.Lanes == 2)
        {
            dst[1] = lane;
        }

        TForm.ClearAbove(dst);
        return op + 1;
    }

    private readonly struct Element<T> : IVectorHandler
        where T : unmanaged
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => sizeof(T);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm => Fill<TForm>(s, op, Vector128.Create(*(T*)source).As<T, byte>());
    }

    private readonly struct Lane : IVectorHandler
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 16;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm => Fill<TForm>(s, op, Vector128.Load(source));
    }
}
