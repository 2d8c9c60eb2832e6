using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>MOVZX, MOVSX, MOVSXD, and the sign extensions of the accumulator: CBW, CWDE, CDQE, CWD, CDQ, CQO.</summary>
/// <remarks>Source: [SDM2 "MOVZX", "MOVSX/MOVSXD", "CBW/CWDE/CDQE", "CWD/CDQ/CQO"].</remarks>
internal static unsafe class Extends
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Movzx, Emit<Zero>),
        new(Mnemonic.Movsx, Emit<Sign>),
        new(Mnemonic.Movsxd, Emit<Sign>),
        new(Mnemonic.Cbw, EmitAccumulator<W8, W16>),
        new(Mnemonic.Cwde, EmitAccumulator<W16, W32>),
        new(Mnemonic.Cdqe, EmitAccumulator<W32, W64>),
        new(Mnemonic.Cwd, EmitIntoRdx<W16>),
        new(Mnemonic.Cdq, EmitIntoRdx<W32>),
        new(Mnemonic.Cqo, EmitIntoRdx<W64>),
    ];

    private static bool Emit<TExtension>(ref OpBuilder b)
        where TExtension : struct, IExtension
    {
        int to = b.BytesAt(0);
        bool four = b.Instruction.Code == Code.Movsxd_r16_rm16 && b.Model.Has(CpuHabits.MovsxdReadsFour);
        int from = four ? 4 : b.BytesAt(1);
        b.TakeOperands();
        bool register = b.IsRegister(1);
        b.Op->Run = from switch
        {
            1 => register ? Pick.Width<FromRegister<TExtension, W8>>(to) : Pick.Width<FromMemory<TExtension, W8>>(to),
            2 => register ? Pick.Width<FromRegister<TExtension, W16>>(to) : Pick.Width<FromMemory<TExtension, W16>>(to),
            _ => register ? Pick.Width<FromRegister<TExtension, W32>>(to) : Pick.Width<FromMemory<TExtension, W32>>(to),
        };
        return true;
    }

    private static bool EmitAccumulator<TFrom, TTo>(ref OpBuilder b)
        where TFrom : struct, IWidth
        where TTo : struct, IWidth
    {
        b.Op->Dst = b.Op->Src = Gpr.Rax * 8;
        b.Op->Run = &Register<Sign, TFrom, TTo>;
        return true;
    }

    private static bool EmitIntoRdx<TWidth>(ref OpBuilder b)
        where TWidth : struct, IWidth
    {
        b.Op->Dst = Gpr.Rdx * 8;
        b.Op->Src = Gpr.Rax * 8;
        b.Op->Run = &SignInto<TWidth>;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Register<TExtension, TFrom, TTo>(Vcpu vcpu, CpuState* s, Op* op)
        where TExtension : struct, IExtension
        where TFrom : struct, IWidth
        where TTo : struct, IWidth
    {
        TTo.WriteRegister(Operands.Dst(s, op), TExtension.Apply<TFrom>(TFrom.Read(Operands.Src(s, op))));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Memory<TExtension, TFrom, TTo>(Vcpu vcpu, CpuState* s, Op* op)
        where TExtension : struct, IExtension
        where TFrom : struct, IWidth
        where TTo : struct, IWidth
    {
        if (!Probe.TryRead(s, Operands.Address(s, op), TFrom.Bytes, out byte* from))
        {
            return Missing<TExtension, TFrom, TTo>(vcpu, s, op);
        }

        TTo.WriteRegister(Operands.Dst(s, op), TExtension.Apply<TFrom>(TFrom.Read(from)));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* Missing<TExtension, TFrom, TTo>(Vcpu vcpu, CpuState* s, Op* op)
        where TExtension : struct, IExtension
        where TFrom : struct, IWidth
        where TTo : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TFrom.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        TTo.WriteRegister(Operands.Dst(s, op), TExtension.Apply<TFrom>(TFrom.Read(from)));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* SignInto<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        TWidth.WriteRegister(Operands.Dst(s, op), (ulong)((long)(TWidth.Read(Operands.Src(s, op)) << TWidth.Shift) >> 63));
        return op + 1;
    }

    private interface IExtension
    {
        static abstract ulong Apply<TFrom>(ulong value)
            where TFrom : struct, IWidth;
    }

    private readonly struct Zero : IExtension
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply<TFrom>(ulong value)
            where TFrom : struct, IWidth => value;
    }

    private readonly struct Sign : IExtension
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply<TFrom>(ulong value)
            where TFrom : struct, IWidth => (ulong)((long)(value << TFrom.Shift) >> TFrom.Shift);
    }

    private readonly struct FromRegister<TExtension, TFrom> : IByWidth
        where TExtension : struct, IExtension
        where TFrom : struct, IWidth
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Register<TExtension, TFrom, TWidth>;
    }

    private readonly struct FromMemory<TExtension, TFrom> : IByWidth
        where TExtension : struct, IExtension
        where TFrom : struct, IWidth
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Memory<TExtension, TFrom, TWidth>;
    }
}
