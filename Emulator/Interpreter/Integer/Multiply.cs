using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>MUL, and IMUL with one, two and three operands.</summary>
/// <remarks>CF and OF tell whether the product needed its upper half. Source: [SDM2 "MUL", "IMUL"].</remarks>
internal static unsafe class Multiply
{
    private const int Rax = 0;
    private const int Rdx = 2;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Mul, EmitWide<Unsigned>),
        new(Mnemonic.Imul, EmitSigned),
    ];

    private static bool EmitSigned(ref OpBuilder b) => b.Instruction.OpCount == 1 ? EmitWide<Signed>(ref b) : EmitTruncating(ref b);

    private static bool EmitWide<TSign>(ref OpBuilder b)
        where TSign : struct, ISign
    {
        int bytes = b.BytesAt(0);
        b.TakeDestination();
        b.Op->Run = b.IsRegister(0) ? Pick.Width<WideByRegister<TSign>>(bytes) : Pick.Width<WideByMemory<TSign>>(bytes);
        return true;
    }

    private static bool EmitTruncating(ref OpBuilder b)
    {
        int bytes = b.BytesAt(0);
        b.TakeOperands();
        if (b.Instruction.OpCount == 3)
        {
            b.Op->Immediate = b.Instruction.GetImmediate(2);
            b.Op->Run = b.IsRegister(1) ? Pick.Width<ImmediateByRegister>(bytes) : Pick.Width<ImmediateByMemory>(bytes);
            return true;
        }

        b.Op->Run = b.IsRegister(1) ? Pick.Width<TwoByRegister>(bytes) : Pick.Width<TwoByMemory>(bytes);
        return true;
    }

    private static void Wide<TSign, TWidth>(CpuState* s, ulong factor)
        where TSign : struct, ISign
        where TWidth : struct, IWidth
    {
        byte* rax = (byte*)(s->Slots + Rax);
        ulong low = TSign.Product<TWidth>(TWidth.Read(rax), factor, out ulong high, out bool overflow);
        if (TWidth.Bytes == 1)
        {
            *(ushort*)rax = (ushort)low;
        }
        else
        {
            TWidth.WriteRegister(rax, low);
            TWidth.WriteRegister((byte*)(s->Slots + Rdx), high);
        }

        Lazy.NoteStash<TWidth>(s, low, overflow ? Rflags.CF | Rflags.OF : 0);
    }

    private static void Truncating<TWidth>(CpuState* s, byte* dst, ulong a, ulong b)
        where TWidth : struct, IWidth
    {
        ulong low = Signed.Product<TWidth>(a, b, out _, out bool overflow);
        TWidth.WriteRegister(dst, low);
        Lazy.NoteStash<TWidth>(s, low, overflow ? Rflags.CF | Rflags.OF : 0);
    }

    private static Op* WideRegister<TSign, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TSign : struct, ISign
        where TWidth : struct, IWidth
    {
        Wide<TSign, TWidth>(s, TWidth.Read(Operands.Dst(s, op)));
        return op + 1;
    }

    private static Op* WideMemory<TSign, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TSign : struct, ISign
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        Wide<TSign, TWidth>(s, TWidth.Read(from));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* TwoRegister<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* dst = Operands.Dst(s, op);
        Truncating<TWidth>(s, dst, TWidth.Read(dst), TWidth.Read(Operands.Src(s, op)));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* TwoMemory<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        byte* dst = Operands.Dst(s, op);
        Truncating<TWidth>(s, dst, TWidth.Read(dst), TWidth.Read(from));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ImmediateRegister<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        Truncating<TWidth>(s, Operands.Dst(s, op), TWidth.Read(Operands.Src(s, op)), op->Immediate);
        return op + 1;
    }

    private static Op* ImmediateMemory<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        Truncating<TWidth>(s, Operands.Dst(s, op), TWidth.Read(from), op->Immediate);
        return op + 1;
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

    private readonly struct WideByRegister<TSign> : IByWidth
        where TSign : struct, ISign
    {
        public static delegate*<Vcpu, CpuState*, Op*, Op*> With<TWidth>()
            where TWidth : struct, IWidth => &WideRegister<TSign, TWidth>;
    }

    private readonly struct WideByMemory<TSign> : IByWidth
        where TSign : struct, ISign
    {
        public static delegate*<Vcpu, CpuState*, Op*, Op*> With<TWidth>()
            where TWidth : struct, IWidth => &WideMemory<TSign, TWidth>;
    }

    private readonly struct TwoByRegister : IByWidth
    {
        public static delegate*<Vcpu, CpuState*, Op*, Op*> With<TWidth>()
            where TWidth : struct, IWidth => &TwoRegister<TWidth>;
    }

    private readonly struct TwoByMemory : IByWidth
    {
        public static delegate*<Vcpu, CpuState*, Op*, Op*> With<TWidth>()
            where TWidth : struct, IWidth => &TwoMemory<TWidth>;
    }

    private readonly struct ImmediateByRegister : IByWidth
    {
        public static delegate*<Vcpu, CpuState*, Op*, Op*> With<TWidth>()
            where TWidth : struct, IWidth => &ImmediateRegister<TWidth>;
    }

    private readonly struct ImmediateByMemory : IByWidth
    {
        public static delegate*<Vcpu, CpuState*, Op*, Op*> With<TWidth>()
            where TWidth : struct, IWidth => &ImmediateMemory<TWidth>;
    }
}
