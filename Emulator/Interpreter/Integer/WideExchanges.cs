using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>CMPXCHG8B and CMPXCHG16B: of the flags only ZF changes.</summary>
/// <remarks>CMPXCHG16B wants 16-byte alignment, else #GP(0). Source: [SDM2 "CMPXCHG8B/CMPXCHG16B"].</remarks>
internal static unsafe class WideExchanges
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Cmpxchg8b, EmitEight),
        new(Mnemonic.Cmpxchg16b, EmitSixteen),
    ];

    private static bool EmitEight(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Run = &Exchange<W32>;
        return true;
    }

    private static bool EmitSixteen(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Run = &ExchangeAligned;
        return true;
    }

    private static Op* ExchangeAligned(Vcpu vcpu, CpuState* s, Op* op) =>
        (Operands.Address(s, op) & 15) != 0 ? vcpu.Raise(op, ExceptionVector.GP) : Exchange<W64>(vcpu, s, op);

    private static Op* Exchange<THalf>(Vcpu vcpu, CpuState* s, Op* op)
        where THalf : struct, IWidth
    {
        byte* at = vcpu.Open(s, Operands.Address(s, op), 2 * THalf.Bytes);
        if (at is null)
        {
            return vcpu.Fault(op);
        }

        byte* rax = (byte*)(s->Slots + Gpr.Rax);
        byte* rdx = (byte*)(s->Slots + Gpr.Rdx);
        (ulong low, ulong high) = (THalf.Read(at), THalf.Read(at + THalf.Bytes));
        ulong flags = Rflags.Settle(s) & ~Rflags.ZF;
        if (low == THalf.Read(rax) && high == THalf.Read(rdx))
        {
            flags |= Rflags.ZF;
            THalf.Write(at, THalf.Read((byte*)(s->Slots + Gpr.Rbx)));
            THalf.Write(at + THalf.Bytes, THalf.Read((byte*)(s->Slots + Gpr.Rcx)));
        }
        else
        {
            THalf.WriteRegister(rax, low);
            THalf.WriteRegister(rdx, high);
        }

        s->Rflags = flags;
        vcpu.Commit(s);
        return op + 1;
    }
}
