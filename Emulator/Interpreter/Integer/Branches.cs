using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>Near jumps, conditional jumps, calls and returns.</summary>
/// <remarks>
/// A conditional jump is followed by its fall-through link; both ways are linked to their blocks when first taken.
/// Source: [SDM2 "Jcc", "JMP", "CALL", "RET"].
/// </remarks>
internal static unsafe class Branches
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Jmp, EmitJmp),
        new(Mnemonic.Call, EmitCall),
        new(Mnemonic.Ret, EmitRet),
        new(Mnemonic.Jo, EmitJcc),
        new(Mnemonic.Jno, EmitJcc),
        new(Mnemonic.Jb, EmitJcc),
        new(Mnemonic.Jae, EmitJcc),
        new(Mnemonic.Je, EmitJcc),
        new(Mnemonic.Jne, EmitJcc),
        new(Mnemonic.Jbe, EmitJcc),
        new(Mnemonic.Ja, EmitJcc),
        new(Mnemonic.Js, EmitJcc),
        new(Mnemonic.Jns, EmitJcc),
        new(Mnemonic.Jp, EmitJcc),
        new(Mnemonic.Jnp, EmitJcc),
        new(Mnemonic.Jl, EmitJcc),
        new(Mnemonic.Jge, EmitJcc),
        new(Mnemonic.Jle, EmitJcc),
        new(Mnemonic.Jg, EmitJcc),
    ];

    private static bool EmitJcc(ref OpBuilder b)
    {
        b.Op->Immediate = b.Instruction.NearBranchTarget;
        b.Op->Run = Pick.Condition<Jumping>(b.Instruction.ConditionCode);
        Fusing.TryFuse(ref b);
        b.AddLink(b.Instruction.NextIP);
        return true;
    }

    private static bool EmitJmp(ref OpBuilder b)
    {
        if (b.Instruction.IsJmpShortOrNear)
        {
            b.Op->Immediate = b.Instruction.NearBranchTarget;
            b.Op->Run = &Linking.FollowLink;
            return true;
        }

        return b.Instruction.Code == Code.Jmp_rm16
            ? NarrowBranches.EmitJmp(ref b)
            : b.Instruction.IsJmpNearIndirect && EmitIndirect(ref b, &JumpRegister, &JumpMemory);
    }

    private static bool EmitCall(ref OpBuilder b)
    {
        if (b.Instruction.Code is Code.Call_rel16 or Code.Call_rm16)
        {
            return NarrowBranches.EmitCall(ref b);
        }

        if (b.Instruction.IsCallNear)
        {
            b.Op->Immediate = b.Instruction.NearBranchTarget;
            b.Op->Run = &CallNear;
            return true;
        }

        if (!b.Instruction.IsCallNearIndirect)
        {
            return false;
        }

        bool known = EmitIndirect(ref b, &CallRegister, &CallMemory);
        b.Op->Third = b.Model.Has(CpuHabits.CallPushesBeforeTarget) ? (byte)1 : (byte)0;
        return known;
    }

    private static bool EmitIndirect(
        ref OpBuilder b,
        Handler register,
        Handler memory)
    {
        if (b.IsRegister(0))
        {
            b.Op->Src = b.RegisterAt(0);
            b.Op->Run = register;
            return b.Instruction.Op0Register.GetSize() == 8;
        }

        b.TakeAddress();
        b.Op->Run = memory;
        return b.Instruction.MemorySize.GetSize() == 8;
    }

    private static bool EmitRet(ref OpBuilder b)
    {
        if (b.Instruction.Code is not (Code.Retnq or Code.Retnq_imm16))
        {
            return b.Instruction.Code is Code.Retnw or Code.Retnw_imm16 && NarrowBranches.EmitRet(ref b);
        }

        b.Op->Immediate = b.Instruction.OpCount > 0 ? b.Instruction.GetImmediate(0) : 0;
        b.Op->Run = &Return;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Conditional<TCondition>(Vcpu vcpu, CpuState* s, Op* op)
        where TCondition : struct, ICondition =>
        Linking.Follow(vcpu, s, TCondition.Holds(s) ? op : op + 1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* JumpRegister(Vcpu vcpu, CpuState* s, Op* op)
    {
        ulong target = *(ulong*)Operands.Src(s, op);
        return Linking.MayGo(vcpu, target) ? Linking.Jump(vcpu, s, target) : vcpu.Raise(op, ExceptionVector.GP);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* JumpMemory(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 8);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        ulong target = *(ulong*)from;
        return Linking.MayGo(vcpu, target) ? Linking.Jump(vcpu, s, target) : vcpu.Raise(op, ExceptionVector.GP);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* CallNear(Vcpu vcpu, CpuState* s, Op* op) =>
        Stack.TryPushHit<W64>(s, op->NextRip) ? Linking.Follow(vcpu, s, op) : CallMiss(vcpu, s, op);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* CallMiss(Vcpu vcpu, CpuState* s, Op* op) =>
        Stack.TryPush(vcpu, s, op->NextRip) ? Linking.Follow(vcpu, s, op) : Stack.Fault(vcpu, op);

    private static Op* CallRegister(Vcpu vcpu, CpuState* s, Op* op)
    {
        return CallTo(vcpu, s, op, *(ulong*)Operands.Src(s, op));
    }

    private static Op* CallMemory(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 8);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        return CallTo(vcpu, s, op, *(ulong*)from);
    }

    /// <summary>The target is not canonical: a fault of the push comes before #GP, and by habit the return address stays below the stack.</summary>
    private static Op* CallNowhere(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* to = vcpu.OpenStore(s, s->Slots[Gpr.Rsp] - 8, 8);
        if (to is null)
        {
            return Stack.Fault(vcpu, op);
        }

        *(ulong*)to = op->Third != 0 ? op->NextRip : *(ulong*)to;
        vcpu.Commit(s);
        return vcpu.Raise(op, ExceptionVector.GP);
    }

    private static Op* CallTo(Vcpu vcpu, CpuState* s, Op* op, ulong target)
    {
        if (!Linking.MayGo(vcpu, target))
        {
            return CallNowhere(vcpu, s, op);
        }

        return Stack.TryPush(vcpu, s, op->NextRip) ? Linking.Jump(vcpu, s, target) : Stack.Fault(vcpu, op);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Return(Vcpu vcpu, CpuState* s, Op* op)
    {
        ulong* rsp = (ulong*)s + Gpr.Rsp;
        if (!Probe.TryRead(s, *rsp, 8, out byte* from))
        {
            return ReturnMiss(vcpu, s, op);
        }

        ulong target = *(ulong*)from;
        if (!Linking.MayGo(vcpu, target))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        *rsp += 8 + op->Immediate;
        return Linking.Jump(vcpu, s, target);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* ReturnMiss(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = vcpu.Read(s, s->Slots[Gpr.Rsp], 8);
        if (from is null)
        {
            return Stack.Fault(vcpu, op);
        }

        ulong target = *(ulong*)from;
        if (!Linking.MayGo(vcpu, target))
        {
            return vcpu.Raise(op, ExceptionVector.GP);
        }

        s->Slots[Gpr.Rsp] += 8 + op->Immediate;
        return Linking.Jump(vcpu, s, target);
    }

    private readonly struct Jumping : IByCondition
    {
        public static Handler With<TCondition>()
            where TCondition : struct, ICondition => &Conditional<TCondition>;
    }
}
