using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>Near branches of 16 bits, which 66H makes on processors with <see cref="Models.CpuHabits.NarrowNearBranches"/>.</summary>
/// <remarks>
/// The target has two bytes, so it is always canonical, and so has what goes to the stack and comes from it. Relative jumps are those of
/// <see cref="Branches"/>: only their target is truncated. Source: [APM3 "JMP (Near)", "CALL (Near)", "RET (Near)"].
/// </remarks>
internal static unsafe class NarrowBranches
{
    /// <summary>JMP through a register or memory.</summary>
    public static bool EmitJmp(ref OpBuilder b) => EmitIndirect(ref b, &JumpRegister, &JumpMemory);

    /// <summary>CALL, relative or through a register or memory.</summary>
    public static bool EmitCall(ref OpBuilder b)
    {
        if (!b.Instruction.IsCallNear)
        {
            return EmitIndirect(ref b, &CallRegister, &CallMemory);
        }

        b.Op->Immediate = b.Instruction.NearBranchTarget;
        b.Op->Run = &CallNear;
        return true;
    }

    /// <summary>RET, with or without an immediate.</summary>
    public static bool EmitRet(ref OpBuilder b)
    {
        b.Op->Immediate = b.Instruction.OpCount > 0 ? b.Instruction.GetImmediate(0) : 0;
        b.Op->Run = &Return;
        return true;
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
            return true;
        }

        b.TakeAddress();
        b.Op->Run = memory;
        return true;
    }

    private static Op* JumpRegister(Vcpu vcpu, CpuState* s, Op* op) => Linking.Jump(vcpu, s, *(ushort*)Operands.Src(s, op));

    private static Op* JumpMemory(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 2);
        return from is null ? vcpu.Fault(op) : Linking.Jump(vcpu, s, *(ushort*)from);
    }

    private static Op* CallNear(Vcpu vcpu, CpuState* s, Op* op) =>
        Stack.TryPush<W16>(vcpu, s, op->NextRip) ? Linking.Follow(vcpu, s, op) : Stack.Fault(vcpu, op);

    private static Op* CallRegister(Vcpu vcpu, CpuState* s, Op* op) => CallTo(vcpu, s, op, *(ushort*)Operands.Src(s, op));

    private static Op* CallMemory(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 2);
        return from is null ? vcpu.Fault(op) : CallTo(vcpu, s, op, *(ushort*)from);
    }

    private static Op* CallTo(Vcpu vcpu, CpuState* s, Op* op, ushort target) =>
        Stack.TryPush<W16>(vcpu, s, op->NextRip) ? Linking.Jump(vcpu, s, target) : Stack.Fault(vcpu, op);

    private static Op* Return(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = vcpu.Read(s, s->Slots[Gpr.Rsp], 2);
        if (from is null)
        {
            return Stack.Fault(vcpu, op);
        }

        ushort target = *(ushort*)from;
        s->Slots[Gpr.Rsp] += 2 + op->Immediate;
        return Linking.Jump(vcpu, s, target);
    }
}
