using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>SETcc and CMOVcc.</summary>
/// <remarks>
/// CMOVcc reads its source whatever the condition, and its 32-bit form clears the upper half even when it does not move.
/// Source: [SDM2 "SETcc", "CMOVcc"].
/// </remarks>
internal static unsafe class Selects
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Seto, EmitSet),
        new(Mnemonic.Setno, EmitSet),
        new(Mnemonic.Setb, EmitSet),
        new(Mnemonic.Setae, EmitSet),
        new(Mnemonic.Sete, EmitSet),
        new(Mnemonic.Setne, EmitSet),
        new(Mnemonic.Setbe, EmitSet),
        new(Mnemonic.Seta, EmitSet),
        new(Mnemonic.Sets, EmitSet),
        new(Mnemonic.Setns, EmitSet),
        new(Mnemonic.Setp, EmitSet),
        new(Mnemonic.Setnp, EmitSet),
        new(Mnemonic.Setl, EmitSet),
        new(Mnemonic.Setge, EmitSet),
        new(Mnemonic.Setle, EmitSet),
        new(Mnemonic.Setg, EmitSet),
        new(Mnemonic.Cmovo, EmitMove),
        new(Mnemonic.Cmovno, EmitMove),
        new(Mnemonic.Cmovb, EmitMove),
        new(Mnemonic.Cmovae, EmitMove),
        new(Mnemonic.Cmove, EmitMove),
        new(Mnemonic.Cmovne, EmitMove),
        new(Mnemonic.Cmovbe, EmitMove),
        new(Mnemonic.Cmova, EmitMove),
        new(Mnemonic.Cmovs, EmitMove),
        new(Mnemonic.Cmovns, EmitMove),
        new(Mnemonic.Cmovp, EmitMove),
        new(Mnemonic.Cmovnp, EmitMove),
        new(Mnemonic.Cmovl, EmitMove),
        new(Mnemonic.Cmovge, EmitMove),
        new(Mnemonic.Cmovle, EmitMove),
        new(Mnemonic.Cmovg, EmitMove),
    ];

    private static bool EmitSet(ref OpBuilder b)
    {
        b.TakeDestination();
        ConditionCode code = b.Instruction.ConditionCode;
        b.Op->Run = b.IsRegister(0) ? Pick.Condition<SetInRegister>(code) : Pick.Condition<SetInMemory>(code);
        return true;
    }

    private static bool EmitMove(ref OpBuilder b)
    {
        int bytes = b.BytesAt(0);
        b.TakeOperands();
        ConditionCode code = b.Instruction.ConditionCode;
        bool register = b.IsRegister(1);
        b.Op->Run = bytes switch
        {
            2 => register ? Pick.Condition<MoveFromRegister<W16>>(code) : Pick.Condition<MoveFromMemory<W16>>(code),
            4 => register ? Pick.Condition<MoveFromRegister<W32>>(code) : Pick.Condition<MoveFromMemory<W32>>(code),
            _ => register ? Pick.Condition<MoveFromRegister<W64>>(code) : Pick.Condition<MoveFromMemory<W64>>(code),
        };
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* SetRegister<TCondition>(Vcpu vcpu, CpuState* s, Op* op)
        where TCondition : struct, ICondition
    {
        *Operands.Dst(s, op) = TCondition.Holds(s) ? (byte)1 : (byte)0;
        return op + 1;
    }

    private static Op* SetMemory<TCondition>(Vcpu vcpu, CpuState* s, Op* op)
        where TCondition : struct, ICondition
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), 1);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        *to = TCondition.Holds(s) ? (byte)1 : (byte)0;
        vcpu.Commit(s);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MoveRegister<TCondition, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TCondition : struct, ICondition
        where TWidth : struct, IWidth
    {
        byte* dst = Operands.Dst(s, op);
        TWidth.WriteRegister(dst, TWidth.Read(TCondition.Holds(s) ? Operands.Src(s, op) : dst));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MoveMemory<TCondition, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TCondition : struct, ICondition
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        byte* dst = Operands.Dst(s, op);
        TWidth.WriteRegister(dst, TWidth.Read(TCondition.Holds(s) ? from : dst));
        return op + 1;
    }

    private readonly struct SetInRegister : IByCondition
    {
        public static Handler With<TCondition>()
            where TCondition : struct, ICondition => &SetRegister<TCondition>;
    }

    private readonly struct SetInMemory : IByCondition
    {
        public static Handler With<TCondition>()
            where TCondition : struct, ICondition => &SetMemory<TCondition>;
    }

    private readonly struct MoveFromRegister<TWidth> : IByCondition
        where TWidth : struct, IWidth
    {
        public static Handler With<TCondition>()
            where TCondition : struct, ICondition => &MoveRegister<TCondition, TWidth>;
    }

    private readonly struct MoveFromMemory<TWidth> : IByCondition
        where TWidth : struct, IWidth
    {
        public static Handler With<TCondition>()
            where TCondition : struct, ICondition => &MoveMemory<TCondition, TWidth>;
    }
}
