using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>A comparison and the conditional jump behind it as one op: the condition follows from the operands at hand.</summary>
/// <remarks>
/// The comparison's op takes over; the jump's op and its fall-through link stay behind it as the two links. A comparison that
/// misses the look-aside is done alone, and the jump then on its own. Both instructions are counted as ever.
/// </remarks>
internal static unsafe class Fusing
{
    /// <summary>Fuses the jump in <paramref name="b"/> with the instruction before it, where that is one of the known forms.</summary>
    public static void TryFuse(ref OpBuilder b)
    {
        ConditionCode code = b.Instruction.ConditionCode;
        if (code is ConditionCode.o or ConditionCode.no or ConditionCode.p or ConditionCode.np
            || !b.TryPrevious(out Instruction previous, out Op* op))
        {
            return;
        }

        switch (previous.Mnemonic)
        {
            case Mnemonic.Cmp:
                Fuse<Compare>(previous, op, code);
                break;
            case Mnemonic.Test:
                Fuse<Test>(previous, op, code);
                break;
            case Mnemonic.Sub:
                Fuse<Sub>(previous, op, code);
                break;
            case Mnemonic.And:
                Fuse<And>(previous, op, code);
                break;
        }
    }

    private static void Fuse<TAlu>(in Instruction previous, Op* op, ConditionCode code)
        where TAlu : struct, IAlu
    {
        int bytes = previous.Op0Kind == OpKind.Register ? previous.Op0Register.GetSize() : previous.MemorySize.GetSize();
        op->Run = bytes switch
        {
            1 => HandlerOf<TAlu, W8>(previous, op, code),
            4 => HandlerOf<TAlu, W32>(previous, op, code),
            8 => HandlerOf<TAlu, W64>(previous, op, code),
            _ => op->Run,
        };
    }

    private static Handler HandlerOf<TAlu, TWidth>(in Instruction previous, Op* op, ConditionCode code)
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth => (previous.Op0Kind, previous.Op1Kind) switch
        {
            (OpKind.Register, OpKind.Register) => Pick.Condition<RegisterRegister<TAlu, TWidth>>(code),
            (OpKind.Register, OpKind.Memory) when TAlu.Compares && !TAlu.Writes => Pick.Condition<RegisterMemory<TAlu, TWidth>>(code),
            (OpKind.Register, not OpKind.Memory) => Pick.Condition<RegisterImmediate<TAlu, TWidth>>(code),
            (OpKind.Memory, not OpKind.Register) when !TAlu.Writes => Pick.Condition<MemoryImmediate<TAlu, TWidth>>(code),
            _ => op->Run,
        };

    /// <summary>Computes, notes the flags and follows the link that the condition selects.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Op* Decide<TAlu, TWidth, TCondition>(Vcpu vcpu, CpuState* s, Op* op, ulong a, ulong b)
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
        where TCondition : struct, ICondition
    {
        ulong result = TAlu.Apply<TWidth>(s, a, b);
        if (TAlu.Writes)
        {
            TWidth.WriteRegister(Operands.Dst(s, op), result);
        }

        bool holds = TAlu.Compares
            ? TCondition.AfterCompare(a << TWidth.Shift, b << TWidth.Shift)
            : TCondition.AfterLogic(result << TWidth.Shift);
        return Linking.Follow(vcpu, s, holds ? op + 1 : op + 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* DecideRegister<TAlu, TWidth, TCondition>(Vcpu vcpu, CpuState* s, Op* op)
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
        where TCondition : struct, ICondition =>
        Decide<TAlu, TWidth, TCondition>(vcpu, s, op, TWidth.Read(Operands.Dst(s, op)), TWidth.Read(Operands.Src(s, op)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* DecideImmediate<TAlu, TWidth, TCondition>(Vcpu vcpu, CpuState* s, Op* op)
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
        where TCondition : struct, ICondition =>
        Decide<TAlu, TWidth, TCondition>(vcpu, s, op, TWidth.Read(Operands.Dst(s, op)), op->Immediate);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* DecideLoad<TAlu, TWidth, TCondition>(Vcpu vcpu, CpuState* s, Op* op)
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
        where TCondition : struct, ICondition =>
        Probe.TryRead(s, Operands.Address(s, op), TWidth.Bytes, out byte* from)
            ? Decide<TAlu, TWidth, TCondition>(vcpu, s, op, TWidth.Read(Operands.Dst(s, op)), TWidth.Read(from))
            : Arithmetic.RegisterMiss<TAlu, TWidth>(vcpu, s, op);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* DecideMemory<TAlu, TWidth, TCondition>(Vcpu vcpu, CpuState* s, Op* op)
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
        where TCondition : struct, ICondition =>
        Probe.TryRead(s, Operands.Address(s, op), TWidth.Bytes, out byte* from)
            ? Decide<TAlu, TWidth, TCondition>(vcpu, s, op, TWidth.Read(from), op->Immediate)
            : Arithmetic.MemoryMiss<TAlu, TWidth>(vcpu, s, op, op->Immediate);

    private readonly struct RegisterRegister<TAlu, TWidth> : IByCondition
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
    {
        public static Handler With<TCondition>()
            where TCondition : struct, ICondition => &DecideRegister<TAlu, TWidth, TCondition>;
    }

    private readonly struct RegisterImmediate<TAlu, TWidth> : IByCondition
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
    {
        public static Handler With<TCondition>()
            where TCondition : struct, ICondition => &DecideImmediate<TAlu, TWidth, TCondition>;
    }

    private readonly struct RegisterMemory<TAlu, TWidth> : IByCondition
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
    {
        public static Handler With<TCondition>()
            where TCondition : struct, ICondition => &DecideLoad<TAlu, TWidth, TCondition>;
    }

    private readonly struct MemoryImmediate<TAlu, TWidth> : IByCondition
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
    {
        public static Handler With<TCondition>()
            where TCondition : struct, ICondition => &DecideMemory<TAlu, TWidth, TCondition>;
    }
}
