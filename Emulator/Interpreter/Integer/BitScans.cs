using System.Numerics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>BSF and BSR; a zero source leaves the destination alone.</summary>
/// <remarks>
/// PF, which the manuals leave undefined, is that of the index (of 0 where there is none), and the others are cleared: so do both makers'
/// processors. Source: [SDM2 "BSF", "BSR"], [APM3 "BSF", "BSR"].
/// </remarks>
internal static unsafe class BitScans
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Bsf, Emit<Forward>),
        new(Mnemonic.Bsr, Emit<Reverse>),
    ];

    private static bool Emit<TScan>(ref OpBuilder b)
        where TScan : struct, IScan
    {
        int bytes = b.BytesAt(0);
        b.TakeOperands();
        b.Op->Run = b.IsRegister(1) ? Pick.Width<FromRegister<TScan>>(bytes) : Pick.Width<FromMemory<TScan>>(bytes);
        return true;
    }

    private static void Scan<TScan, TWidth>(CpuState* s, Op* op, ulong source)
        where TScan : struct, IScan
        where TWidth : struct, IWidth
    {
        ulong index = source == 0 ? 0 : TScan.Find(source);
        if (source != 0)
        {
            TWidth.WriteRegister(Operands.Dst(s, op), index);
        }

        ulong parity = (BitOperations.PopCount(index) & 1) == 0 ? Rflags.PF : 0;
        Rflags.WriteArithmetic(s, parity | (source == 0 ? Rflags.ZF : 0));
    }

    private static Op* Register<TScan, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TScan : struct, IScan
        where TWidth : struct, IWidth
    {
        Scan<TScan, TWidth>(s, op, TWidth.Read(Operands.Src(s, op)));
        return op + 1;
    }

    private static Op* Memory<TScan, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TScan : struct, IScan
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        Scan<TScan, TWidth>(s, op, TWidth.Read(from));
        return op + 1;
    }

    private interface IScan
    {
        static abstract ulong Find(ulong source);
    }

    private readonly struct Forward : IScan
    {
        public static ulong Find(ulong source) => (ulong)BitOperations.TrailingZeroCount(source);
    }

    private readonly struct Reverse : IScan
    {
        public static ulong Find(ulong source) => (ulong)BitOperations.Log2(source);
    }

    private readonly struct FromRegister<TScan> : IByWidth
        where TScan : struct, IScan
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Register<TScan, TWidth>;
    }

    private readonly struct FromMemory<TScan> : IByWidth
        where TScan : struct, IScan
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Memory<TScan, TWidth>;
    }
}
