using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>DIV and IDIV; a zero divisor or a quotient that does not fit is #DE, and nothing changes.</summary>
/// <remarks>
/// The flags are undefined: with <c>DivisionKeepsFlags</c> they stay, without SF, ZF and PF are cleared and AF is set. Source: [SDM2 "DIV", "IDIV"].
/// </remarks>
internal static unsafe class Divide
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Div, EmitSign<Unsigned>),
        new(Mnemonic.Idiv, EmitSign<Signed>),
    ];

    private static bool EmitSign<TSign>(ref OpBuilder b)
        where TSign : struct, ISign =>
        b.Model.Has(CpuHabits.DivisionKeepsFlags) ? Emit<TSign, Kept>(ref b) : Emit<TSign, Cleared>(ref b);

    private static bool Emit<TSign, THabit>(ref OpBuilder b)
        where TSign : struct, ISign
        where THabit : struct, IHabit
    {
        int bytes = b.BytesAt(0);
        b.TakeDestination();
        b.Op->Run = b.IsRegister(0) ? Pick.Width<ByRegister<TSign, THabit>>(bytes) : Pick.Width<ByMemory<TSign, THabit>>(bytes);
        return true;
    }

    private static Op* Register<TSign, THabit, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TSign : struct, ISign
        where THabit : struct, IHabit
        where TWidth : struct, IWidth =>
        TryDivide<TSign, THabit, TWidth>(s, TWidth.Read(Operands.Dst(s, op))) ? op + 1 : vcpu.Raise(op, ExceptionVector.DE);

    private static Op* Memory<TSign, THabit, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TSign : struct, ISign
        where THabit : struct, IHabit
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        return TryDivide<TSign, THabit, TWidth>(s, TWidth.Read(from)) ? op + 1 : vcpu.Raise(op, ExceptionVector.DE);
    }

    private static bool TryDivide<TSign, THabit, TWidth>(CpuState* s, ulong divisor)
        where TSign : struct, ISign
        where THabit : struct, IHabit
        where TWidth : struct, IWidth
    {
        byte* rax = (byte*)(s->Slots + Gpr.Rax);
        byte* rdx = (byte*)(s->Slots + Gpr.Rdx);
        if (TWidth.Bytes == 1)
        {
            if (!TSign.TryDivide<W8>(rax[1], rax[0], divisor, out ulong quotient8, out ulong remainder8))
            {
                return false;
            }

            *(ushort*)rax = (ushort)((byte)quotient8 | (remainder8 << 8));
            THabit.Note(s);
            return true;
        }

        if (!TSign.TryDivide<TWidth>(TWidth.Read(rdx), TWidth.Read(rax), divisor, out ulong quotient, out ulong remainder))
        {
            return false;
        }

        TWidth.WriteRegister(rax, quotient);
        TWidth.WriteRegister(rdx, remainder);
        THabit.Note(s);
        return true;
    }

    private interface IHabit
    {
        static abstract void Note(CpuState* s);
    }

    private readonly struct Kept : IHabit
    {
        public static void Note(CpuState* s)
        {
        }
    }

    private readonly struct Cleared : IHabit
    {
        public static void Note(CpuState* s) =>
            Rflags.WriteArithmetic(s, (Rflags.Read(s) & (Rflags.CF | Rflags.OF)) | Rflags.AF);
    }

    private interface ISign
    {
        /// <summary>Divides high:low; false when the quotient does not exist or does not fit.</summary>
        static abstract bool TryDivide<TWidth>(ulong high, ulong low, ulong divisor, out ulong quotient, out ulong remainder)
            where TWidth : struct, IWidth;
    }

    private readonly struct Unsigned : ISign
    {
        public static bool TryDivide<TWidth>(ulong high, ulong low, ulong divisor, out ulong quotient, out ulong remainder)
            where TWidth : struct, IWidth
        {
            (quotient, remainder) = (0, 0);
            if (high >= divisor)
            {
                return false;
            }

            if (TWidth.Bytes < 8 || high == 0)
            {
                ulong dividend = TWidth.Bytes < 8 ? (high << (8 * TWidth.Bytes)) | low : low;
                (quotient, remainder) = Math.DivRem(dividend, divisor);
                return true;
            }

            UInt128 wide = new(high, low);
            UInt128 result = wide / divisor;
            quotient = (ulong)result;
            remainder = low - (quotient * divisor);
            return true;
        }
    }

    private readonly struct Signed : ISign
    {
        public static bool TryDivide<TWidth>(ulong high, ulong low, ulong divisor, out ulong quotient, out ulong remainder)
            where TWidth : struct, IWidth
        {
            long by = (long)(divisor << TWidth.Shift) >> TWidth.Shift;
            (quotient, remainder) = (0, 0);
            if (by == 0)
            {
                return false;
            }

            if (TWidth.Bytes == 8 && high != (ulong)((long)low >> 63))
            {
                return TryWide((long)high, low, by, out quotient, out remainder);
            }

            long dividend = TWidth.Bytes < 8
                ? (long)(((high << (8 * TWidth.Bytes)) | low) << (64 - (16 * TWidth.Bytes))) >> (64 - (16 * TWidth.Bytes))
                : (long)low;
            if (by == -1)
            {
                quotient = (ulong)-dividend;
                long smallest = TWidth.Bytes == 8 ? long.MinValue : -(1L << ((8 * TWidth.Bytes) - 1));
                return dividend > smallest && -dividend >= smallest;
            }

            (long result, long rest) = Math.DivRem(dividend, by);
            (quotient, remainder) = ((ulong)result, (ulong)rest);
            return result << TWidth.Shift >> TWidth.Shift == result;
        }

        private static bool TryWide(long high, ulong low, long by, out ulong quotient, out ulong remainder)
        {
            bool negative = high < 0;
            UInt128 dividend = new((ulong)high, low);
            UInt128 magnitude = negative ? UInt128.Zero - dividend : dividend;
            ulong divisor = by < 0 ? (ulong)-by : (ulong)by;
            (UInt128 result, UInt128 rest) = UInt128.DivRem(magnitude, divisor);
            bool negate = negative != by < 0;
            quotient = negate ? 0 - (ulong)result : (ulong)result;
            remainder = negative ? 0 - (ulong)rest : (ulong)rest;
            return result <= (negate ? 1UL << 63 : (1UL << 63) - 1);
        }
    }

    private readonly struct ByRegister<TSign, THabit> : IByWidth
        where TSign : struct, ISign
        where THabit : struct, IHabit
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Register<TSign, THabit, TWidth>;
    }

    private readonly struct ByMemory<TSign, THabit> : IByWidth
        where TSign : struct, ISign
        where THabit : struct, IHabit
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Memory<TSign, THabit, TWidth>;
    }
}
