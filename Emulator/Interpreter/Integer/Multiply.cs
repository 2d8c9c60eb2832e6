using System.Numerics;
using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>MUL, and IMUL with one, two and three operands.</summary>
/// <remarks>CF and OF tell whether the product needed its upper half. Source: [SDM2 "MUL", "IMUL"].</remarks>
internal static unsafe class Multiply
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Mul, EmitUnsigned),
        new(Mnemonic.Imul, EmitSigned),
    ];

    private static bool EmitUnsigned(ref OpBuilder b) =>
        b.Model.Has(CpuHabits.ProductSetsFlags) ? EmitWide<Unsigned, FlagsOfProduct>(ref b) : EmitWide<Unsigned, FlagsKept>(ref b);

    private static bool EmitSigned(ref OpBuilder b) =>
        b.Model.Has(CpuHabits.ProductSetsFlags) ? EmitSigned<FlagsOfProduct>(ref b) : EmitSigned<FlagsKept>(ref b);

    private static bool EmitSigned<THabit>(ref OpBuilder b)
        where THabit : struct, IHabit => b.Instruction.OpCount == 1 ? EmitWide<Signed, THabit>(ref b) : EmitTruncating<THabit>(ref b);

    private static bool EmitWide<TSign, THabit>(ref OpBuilder b)
        where TSign : struct, ISign
        where THabit : struct, IHabit
    {
        int bytes = b.BytesAt(0);
        b.TakeDestination();
        b.Op->Run = b.IsRegister(0) ? Pick.Width<WideByRegister<TSign, THabit>>(bytes) : Pick.Width<WideByMemory<TSign, THabit>>(bytes);
        return true;
    }

    private static bool EmitTruncating<THabit>(ref OpBuilder b)
        where THabit : struct, IHabit
    {
        int bytes = b.BytesAt(0);
        b.TakeOperands();
        if (b.Instruction.OpCount == 3)
        {
            b.Op->Immediate = b.Instruction.GetImmediate(2);
            b.Op->Run = b.IsRegister(1) ? Pick.Width<ImmediateByRegister<THabit>>(bytes) : Pick.Width<ImmediateByMemory<THabit>>(bytes);
            return true;
        }

        b.Op->Run = b.IsRegister(1) ? Pick.Width<TwoByRegister<THabit>>(bytes) : Pick.Width<TwoByMemory<THabit>>(bytes);
        return true;
    }

    private static void Wide<TSign, THabit, TWidth>(CpuState* s, ulong factor)
        where TSign : struct, ISign
        where THabit : struct, IHabit
        where TWidth : struct, IWidth
    {
        byte* rax = (byte*)(s->Slots + Gpr.Rax);
        ulong low = TSign.Product<TWidth>(TWidth.Read(rax), factor, out ulong high, out bool overflow);
        if (TWidth.Bytes == 1)
        {
            *(ushort*)rax = (ushort)low;
        }
        else
        {
            TWidth.WriteRegister(rax, low);
            TWidth.WriteRegister((byte*)(s->Slots + Gpr.Rdx), high);
        }

        THabit.Note<TWidth>(s, low, overflow ? Rflags.CF | Rflags.OF : 0);
    }

    private static void Truncating<THabit, TWidth>(CpuState* s, byte* dst, ulong a, ulong b)
        where THabit : struct, IHabit
        where TWidth : struct, IWidth
    {
        ulong low = Signed.Product<TWidth>(a, b, out _, out bool overflow);
        TWidth.WriteRegister(dst, low);
        THabit.Note<TWidth>(s, low, overflow ? Rflags.CF | Rflags.OF : 0);
    }

    private static Op* WideRegister<TSign, THabit, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TSign : struct, ISign
        where THabit : struct, IHabit
        where TWidth : struct, IWidth
    {
        Wide<TSign, THabit, TWidth>(s, TWidth.Read(Operands.Dst(s, op)));
        return op + 1;
    }

    private static Op* WideMemory<TSign, THabit, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TSign : struct, ISign
        where THabit : struct, IHabit
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        Wide<TSign, THabit, TWidth>(s, TWidth.Read(from));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* TwoRegister<THabit, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where THabit : struct, IHabit
        where TWidth : struct, IWidth
    {
        byte* dst = Operands.Dst(s, op);
        Truncating<THabit, TWidth>(s, dst, TWidth.Read(dst), TWidth.Read(Operands.Src(s, op)));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* TwoMemory<THabit, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where THabit : struct, IHabit
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        byte* dst = Operands.Dst(s, op);
        Truncating<THabit, TWidth>(s, dst, TWidth.Read(dst), TWidth.Read(from));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ImmediateRegister<THabit, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where THabit : struct, IHabit
        where TWidth : struct, IWidth
    {
        Truncating<THabit, TWidth>(s, Operands.Dst(s, op), TWidth.Read(Operands.Src(s, op)), op->Immediate);
        return op + 1;
    }

    private static Op* ImmediateMemory<THabit, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where THabit : struct, IHabit
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        Truncating<THabit, TWidth>(s, Operands.Dst(s, op), TWidth.Read(from), op->Immediate);
        return op + 1;
    }

    /// <summary>What becomes of SF, ZF, AF and PF, which the architecture leaves undefined.</summary>
    private interface IHabit
    {
        static abstract void Note<TWidth>(CpuState* s, ulong low, ulong carryAndOverflow)
            where TWidth : struct, IWidth;
    }

    /// <summary>They stay.</summary>
    private readonly struct FlagsKept : IHabit
    {
        public static void Note<TWidth>(CpuState* s, ulong low, ulong carryAndOverflow)
            where TWidth : struct, IWidth => Lazy.NoteRotate(s, carryAndOverflow);
    }

    /// <summary>SF and PF are those of the low half, ZF and AF are cleared.</summary>
    private readonly struct FlagsOfProduct : IHabit
    {
        public static void Note<TWidth>(CpuState* s, ulong low, ulong carryAndOverflow)
            where TWidth : struct, IWidth
        {
            ulong sign = (low << TWidth.Shift) >> 63;
            ulong parity = (BitOperations.PopCount((byte)low) & 1) == 0 ? Rflags.PF : 0;
            Rflags.WriteArithmetic(s, carryAndOverflow | (sign << 7) | parity);
        }
    }

    private interface ISign
    {
        /// <summary>The low half of the product, right-aligned; the high half likewise; and whether the high half matters.</summary>
        static abstract ulong Product<TWidth>(ulong a, ulong b, out ulong high, out bool overflow)
            where TWidth : struct, IWidth;
    }

    private readonly struct Unsigned : ISign
    {
        public static ulong Product<TWidth>(ulong a, ulong b, out ulong high, out bool overflow)
            where TWidth : struct, IWidth
        {
            ulong low;
            if (TWidth.Bytes == 8)
            {
                high = Math.BigMul(a, b, out low);
            }
            else
            {
                low = a * b;
                high = low >> (8 * TWidth.Bytes);
            }

            overflow = high != 0;
            return low;
        }
    }

    private readonly struct Signed : ISign
    {
        public static ulong Product<TWidth>(ulong a, ulong b, out ulong high, out bool overflow)
            where TWidth : struct, IWidth
        {
            if (TWidth.Bytes == 8)
            {
                long upper = Math.BigMul((long)a, (long)b, out long lower);
                high = (ulong)upper;
                overflow = upper != lower >> 63;
                return (ulong)lower;
            }

            long product = ((long)(a << TWidth.Shift) >> TWidth.Shift) * ((long)(b << TWidth.Shift) >> TWidth.Shift);
            high = (ulong)(product >> (8 * TWidth.Bytes));
            overflow = product << TWidth.Shift >> TWidth.Shift != product;
            return (ulong)product;
        }
    }

    private readonly struct WideByRegister<TSign, THabit> : IByWidth
        where TSign : struct, ISign
        where THabit : struct, IHabit
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &WideRegister<TSign, THabit, TWidth>;
    }

    private readonly struct WideByMemory<TSign, THabit> : IByWidth
        where TSign : struct, ISign
        where THabit : struct, IHabit
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &WideMemory<TSign, THabit, TWidth>;
    }

    private readonly struct TwoByRegister<THabit> : IByWidth
        where THabit : struct, IHabit
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &TwoRegister<THabit, TWidth>;
    }

    private readonly struct TwoByMemory<THabit> : IByWidth
        where THabit : struct, IHabit
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &TwoMemory<THabit, TWidth>;
    }

    private readonly struct ImmediateByRegister<THabit> : IByWidth
        where THabit : struct, IHabit
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &ImmediateRegister<THabit, TWidth>;
    }

    private readonly struct ImmediateByMemory<THabit> : IByWidth
        where THabit : struct, IHabit
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &ImmediateMemory<THabit, TWidth>;
    }
}
