using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>ADCX, ADOX and MULX: long additions with two chains of carries, and a multiplication that disturbs neither.</summary>
/// <remarks>Source: [SDM2 "ADCX", "ADOX", "MULX"].</remarks>
internal static unsafe class CarryChains
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Adcx, EmitAdd<ByCarry>),
        new(Mnemonic.Adox, EmitAdd<ByOverflow>),
        new(Mnemonic.Mulx, EmitMultiply),
    ];

    private static bool EmitAdd<TChain>(ref OpBuilder b)
        where TChain : struct, IChain
    {
        bool wide = b.BytesAt(0) == 8;
        b.TakeOperands();
        b.Op->Run = b.IsRegister(1)
            ? wide ? &AddRegister<TChain, W64> : &AddRegister<TChain, W32>
            : wide ? &AddMemory<TChain, W64> : &AddMemory<TChain, W32>;
        return true;
    }

    private static bool EmitMultiply(ref OpBuilder b)
    {
        bool wide = b.BytesAt(0) == 8;
        if (b.IsMemory(2))
        {
            b.TakeAddress();
            b.Op->Run = wide ? &MultiplyMemory<W64> : &MultiplyMemory<W32>;
        }
        else
        {
            b.Op->Src = b.RegisterAt(2);
            b.Op->Run = wide ? &MultiplyRegister<W64> : &MultiplyRegister<W32>;
        }

        b.Op->Dst = b.RegisterAt(0);
        b.Op->Immediate = b.RegisterAt(1);
        return true;
    }

    private static void Add<TChain, TWidth>(CpuState* s, Op* op, ulong source)
        where TChain : struct, IChain
        where TWidth : struct, IWidth
    {
        byte* dst = Operands.Dst(s, op);
        ulong flags = Rflags.Settle(s);
        UInt128 sum = (UInt128)TWidth.Read(dst) + source + ((flags & TChain.Flag) != 0 ? 1UL : 0);
        TWidth.WriteRegister(dst, (ulong)sum);
        s->Rflags = (flags & ~TChain.Flag) | ((sum >> (8 * TWidth.Bytes)) != 0 ? TChain.Flag : 0);
    }

    private static Op* AddRegister<TChain, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TChain : struct, IChain
        where TWidth : struct, IWidth
    {
        Add<TChain, TWidth>(s, op, TWidth.Read(Operands.Src(s, op)));
        return op + 1;
    }

    private static Op* AddMemory<TChain, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TChain : struct, IChain
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        Add<TChain, TWidth>(s, op, TWidth.Read(from));
        return op + 1;
    }

    /// <summary>The low half is written first: of two equal destinations the high half stays.</summary>
    private static void Multiply<TWidth>(CpuState* s, Op* op, ulong factor)
        where TWidth : struct, IWidth
    {
        UInt128 product = (UInt128)factor * TWidth.Read((byte*)(s->Slots + Gpr.Rdx));
        TWidth.WriteRegister((byte*)s + op->Immediate, (ulong)product);
        TWidth.WriteRegister(Operands.Dst(s, op), (ulong)(product >> (8 * TWidth.Bytes)));
    }

    private static Op* MultiplyRegister<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        Multiply<TWidth>(s, op, TWidth.Read(Operands.Src(s, op)));
        return op + 1;
    }

    private static Op* MultiplyMemory<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        Multiply<TWidth>(s, op, TWidth.Read(from));
        return op + 1;
    }

    private interface IChain
    {
        static abstract ulong Flag { get; }
    }

    private readonly struct ByCarry : IChain
    {
        public static ulong Flag => Rflags.CF;
    }

    private readonly struct ByOverflow : IChain
    {
        public static ulong Flag => Rflags.OF;
    }
}
