using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>SHLD and SHRD: a shift that takes its new bits from another register.</summary>
/// <remarks>
/// Of 16-bit operands a count above 16 leaves an undefined result; here the bits of the source come
/// again and CF is 0, as AMD processors do it.
/// Source: [SDM2 "SHLD", "SHRD"].
/// </remarks>
internal static unsafe class DoubleShifts
{
    private const int CountInCl = 0x100;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Shld, Emit<Left>),
        new(Mnemonic.Shrd, Emit<Right>),
    ];

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
        op->Immediate == CountInCl ? (int)s->Slots[1] & (TWidth.Bytes == 8 ? 63 : 31) : (int)op->Immediate;

    private static ulong Apply<TDouble, TWidth>(CpuState* s, ulong a, ulong b, int count)
        where TDouble : struct, IDouble
        where TWidth : struct, IWidth
    {
        int bits = 8 * TWidth.Bytes;
        ulong result = TDouble.Shift(a, b, count, bits, out ulong carry);
        ulong signChange = ((result ^ a) >> (bits - 1)) & 1;
        Lazy.NoteStash<TWidth>(s, result, (carry & 1) | (signChange << 11));
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
        static abstract ulong Shift(ulong a, ulong b, int count, int bits, out ulong carry);
    }

    private readonly struct Left : IDouble
    {
        public static ulong Shift(ulong a, ulong b, int count, int bits, out ulong carry)
        {
            if (bits == 16)
            {
                ulong chain = (a << 32) | (b << 16) | b;
                carry = count > 16 ? 0 : a >> (16 - count);
                return chain << count >> 32;
            }

            carry = a >> (bits - count);
            return (a << count) | (b >> (bits - count));
        }
    }

    private readonly struct Right : IDouble
    {
        public static ulong Shift(ulong a, ulong b, int count, int bits, out ulong carry)
        {
            if (bits == 16)
            {
                ulong chain = (b << 32) | (b << 16) | a;
                carry = a >> (count - 1);
                return chain >> count;
            }

            carry = a >> (count - 1);
            return (a >> count) | (b << (bits - count));
        }
    }

    private readonly struct InRegister<TDouble> : IByWidth
        where TDouble : struct, IDouble
    {
        public static delegate*<Vcpu, CpuState*, Op*, Op*> With<TWidth>()
            where TWidth : struct, IWidth => &Register<TDouble, TWidth>;
    }

    private readonly struct InMemory<TDouble> : IByWidth
        where TDouble : struct, IDouble
    {
        public static delegate*<Vcpu, CpuState*, Op*, Op*> With<TWidth>()
            where TWidth : struct, IWidth => &Memory<TDouble, TWidth>;
    }
}
