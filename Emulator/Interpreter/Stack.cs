using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>PUSH, POP and LEAVE; RSP moves only after the access has passed.</summary>
/// <remarks>Source: [SDM2 "PUSH", "POP", "LEAVE"].</remarks>
internal static unsafe class Stack
{
    private const int Rsp = 4;
    private const int Rbp = 5;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Push, EmitPush),
        new(Mnemonic.Pop, EmitPop),
        new(Mnemonic.Leave, EmitLeave),
    ];

    /// <summary>Pushes 8 bytes; false leaves RSP and memory as they were.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryPush(Vcpu vcpu, CpuState* s, ulong value)
    {
        ulong rsp = s->Slots[Rsp] - 8;
        byte* to = vcpu.OpenStore(s, rsp, 8);
        if (to is null)
        {
            return false;
        }

        *(ulong*)to = value;
        s->Slots[Rsp] = rsp;
        vcpu.Commit(s);
        return true;
    }

    private static bool EmitPush(ref OpBuilder b)
    {
        b.Op->Traits |= OpTraits.StackSegment;
        if (b.Instruction.StackPointerIncrement != -8)
        {
            return false;
        }

        if (b.IsRegister(0))
        {
            b.Op->Src = b.RegisterAt(0);
            b.Op->Run = &PushRegister;
            return b.Instruction.Op0Register.IsGPR64();
        }

        if (b.IsMemory(0))
        {
            b.TakeAddress();
            b.Op->Run = &PushMemory;
            return true;
        }

        b.Op->Immediate = b.Instruction.GetImmediate(0);
        b.Op->Run = &PushImmediate;
        return true;
    }

    private static bool EmitPop(ref OpBuilder b)
    {
        b.Op->Traits |= OpTraits.StackSegment;
        b.Op->Run = &PopRegister;
        if (b.Instruction.StackPointerIncrement != 8 || !b.IsRegister(0) || !b.Instruction.Op0Register.IsGPR64())
        {
            return false;
        }

        b.Op->Dst = b.RegisterAt(0);
        return true;
    }

    private static bool EmitLeave(ref OpBuilder b)
    {
        b.Op->Traits |= OpTraits.StackSegment;
        b.Op->Run = &Leave;
        return b.Instruction.Code == Code.Leaveq;
    }

    private static Op* PushRegister(Vcpu vcpu, CpuState* s, Op* op) =>
        TryPush(vcpu, s, *(ulong*)Operands.Src(s, op)) ? op + 1 : vcpu.Fault(op);

    private static Op* PushImmediate(Vcpu vcpu, CpuState* s, Op* op) =>
        TryPush(vcpu, s, op->Immediate) ? op + 1 : vcpu.Fault(op);

    private static Op* PushMemory(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 8);
        return from is not null && TryPush(vcpu, s, *(ulong*)from) ? op + 1 : vcpu.Fault(op);
    }

    private static Op* PopRegister(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = vcpu.Read(s, s->Slots[Rsp], 8);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        ulong value = *(ulong*)from;
        s->Slots[Rsp] += 8;
        *(ulong*)Operands.Dst(s, op) = value;
        return op + 1;
    }

    private static Op* Leave(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = vcpu.Read(s, s->Slots[Rbp], 8);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        ulong value = *(ulong*)from;
        s->Slots[Rsp] = s->Slots[Rbp] + 8;
        s->Slots[Rbp] = value;
        return op + 1;
    }
}
