using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>SHLD and SHRD: a shift that takes its new bits from another register.</summary>
/// <remarks>
/// Of 16-bit operands a count above 16 leaves an undefined result. One habit brings the bits of the source again, and CF is 0; with
/// <c>ShiftFlagsOfFirstStep</c> those of the destination come, and CF is the last bit that went out.
/// Source: [SDM2 "SHLD", "SHRD"].
/// </remarks>
internal static unsafe class DoubleShifts
{
    private const int CountInCl = 0x100;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Shld, Emit<Left<LastStep>, Left<FirstStep>>),
        new(Mnemonic.Shrd, Emit<Right<LastStep>, Right<FirstStep>>),
    ];

    private static bool Emit<TLast, TFirst>(ref OpBuilder b)
        where TLast : struct, IDouble
        where TFirst : struct, IDouble =>
        b.Model.Has(CpuHabits.ShiftFlagsOfFirstStep) ? Emit<TFirst>(ref b) : Emit<TLast>(ref b);

    private static bool Emit<TDouble>(ref OpBuilder b)
        where TDouble : struct, IDouble
    {
        int bytes = b.BytesAt(0);
        b.TakeDestination();
        b.Op->Src = b.RegisterAt(1);
        b.Op->Immediate = b.IsRegister(2) ? CountInCl : b.Instruction.GetImmediate(2) & (bytes == 8 ? 63UL : 31);
        b.Op->Run = b.IsRegister(0) ? Pick.Width<InRegister<TDouble>>(bytes) : Pick.Width<InMemory<TDouble>>(bytes);
        return true;
    }

    private static int CountOf<TWidth>(CpuState* s, Op* op)
        where TWidth : struct, IWidth =>
        op->Immediate == CountInCl ? (int)s->Slots[Gpr.Rcx] & (TWidth.Bytes == 8 ? 63 : 31) : (int)op->Immediate;

    private static ulong Apply<TDouble, TWidth>(CpuState* s, ulong a, ulong b, int count)
        where TDouble : struct, IDouble
        where TWidth : struct, IWidth
    {
        ulong result = TDouble.Shift<TWidth>(a, b, count, out ulong carry, out ulong overflow);
        Lazy.NoteStash<TWidth>(s, result, carry | (overflow << 11) | TDouble.Adjust);
        return result;
    }

    private static Op* Register<TDouble, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TDouble : struct, IDouble
        where TWidth : struct, IWidth
    {
        byte* dst = Operands.Dst(s, op);
        ulong value = TWidth.Read(dst);
        int count = CountOf<TWidth>(s, op);
        TWidth.WriteRegister(dst, count == 0 ? value : Apply<TDouble, TWidth>(s, value, TWidth.Read(Operands.Src(s, op)), count));
        return op + 1;
    }

    private static Op* Memory<TDouble, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TDouble : struct, IDouble
        where TWidth : struct, IWidth
    {
        byte* at = vcpu.Open(s, Operands.Address(s, op), TWidth.Bytes);
        if (at is null)
        {
            return vcpu.Fault(op);
        }

        int count = CountOf<TWidth>(s, op);
        if (count != 0)
        {
            TWidth.Write(at, Apply<TDouble, TWidth>(s, TWidth.Read(at), TWidth.Read(Operands.Src(s, op)), count));
        }

        vcpu.Commit(s);
        return op + 1;
    }

    private interface IDouble
    {
        /// <summary>AF, as <see cref="Rflags.AF"/> or 0.</summary>
        static abstract ulong Adjust { get; }

        /// <summary>The result, of which only the low bits count; CF and OF as 0 or 1.</summary>
        static abstract ulong Shift<TWidth>(ulong a, ulong b, int count, out ulong carry, out ulong overflow)
            where TWidth : struct, IWidth;
    }

    private readonly struct Left<THabit> : IDouble
        where THabit : struct, IShiftHabit
    {
        public static ulong Adjust => THabit.Adjust;

        public static ulong Shift<TWidth>(ulong a, ulong b, int count, out ulong carry, out ulong overflow)
            where TWidth : struct, IWidth
        {
            int bits = 8 * TWidth.Bytes;
            bool first = THabit.Overflow == OverflowOf.FirstStep;
            ulong result;
            if (TWidth.Bytes == 2)
            {
                ulong chain = (a << 32) | (b << 16) | (first ? a : b);
                result = chain << count >> 32;
                carry = first || count <= 16 ? (chain >> (48 - count)) & 1 : 0;
            }
            else
            {
                result = (a << count) | (b >> (bits - count));
                carry = (a >> (bits - count)) & 1;
            }

            // Where all bits of the destination have gone out, its sign counts as zero.
            ulong sign = TWidth.Bytes == 2 && count >= 16 ? 0 : result >> (bits - 1);
            overflow = first ? TopTwo.Differ<TWidth>(a) : (carry ^ sign) & 1;
            return result;
        }
    }

    private readonly struct Right<THabit> : IDouble
        where THabit : struct, IShiftHabit
    {
        public static ulong Adjust => THabit.Adjust;

        public static ulong Shift<TWidth>(ulong a, ulong b, int count, out ulong carry, out ulong overflow)
            where TWidth : struct, IWidth
        {
            int bits = 8 * TWidth.Bytes;
            bool first = THabit.Overflow == OverflowOf.FirstStep;
            ulong result;
            if (TWidth.Bytes == 2)
            {
                ulong chain = ((first ? a : b) << 32) | (b << 16) | a;
                result = chain >> count;
                carry = ((first ? chain : a) >> (count - 1)) & 1;
            }
            else
            {
                result = (a >> count) | (b << (bits - count));
                carry = (a >> (count - 1)) & 1;
            }

            overflow = first ? ((a >> (bits - 1)) ^ b) & 1 : TopTwo.Differ<TWidth>(result);
            return result;
        }
    }

    private readonly struct InRegister<TDouble> : IByWidth
        where TDouble : struct, IDouble
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Register<TDouble, TWidth>;
    }

    private readonly struct InMemory<TDouble> : IByWidth
        where TDouble : struct, IDouble
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Memory<TDouble, TWidth>;
    }
}
