using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>XCHG, XADD and CMPXCHG, with and without LOCK.</summary>
/// <remarks>
/// The machine runs one vCPU at a time and leaves it between instructions only, so every read-modify-write is atomic.
/// Source: [SDM2 "XCHG", "XADD", "CMPXCHG"].
/// </remarks>
internal static unsafe class Exchanges
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Xchg, EmitExchange),
        new(Mnemonic.Xadd, EmitAdd),
        new(Mnemonic.Cmpxchg, EmitCompare),
    ];

    private static bool EmitExchange(ref OpBuilder b)
    {
        int bytes = b.BytesAt(0);
        bool memoryLast = b.IsMemory(1);
        b.TakeOperands();
        if (memoryLast)
        {
            b.Op->Src = b.Op->Dst;
        }

        b.Op->Run = memoryLast || b.IsMemory(0) ? Pick.Width<SwapMemory>(bytes) : Pick.Width<SwapRegisters>(bytes);
        return true;
    }

    private static bool EmitAdd(ref OpBuilder b)
    {
        int bytes = b.BytesAt(0);
        b.TakeOperands();
        b.Op->Run = b.IsMemory(0) ? Pick.Width<AddMemory>(bytes) : Pick.Width<AddRegisters>(bytes);
        return true;
    }

    private static bool EmitCompare(ref OpBuilder b)
    {
        int bytes = b.BytesAt(0);
        b.TakeOperands();
        b.Op->Run = b.IsMemory(0) ? Pick.Width<CompareMemory>(bytes) : Pick.Width<CompareRegisters>(bytes);
        return true;
    }

    private static Op* RunSwapRegisters<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* dst = Operands.Dst(s, op);
        byte* src = Operands.Src(s, op);
        (ulong first, ulong second) = (TWidth.Read(dst), TWidth.Read(src));
        TWidth.WriteRegister(dst, second);
        TWidth.WriteRegister(src, first);
        return op + 1;
    }

    private static Op* RunSwapMemory<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* at = vcpu.Open(s, Operands.Address(s, op), TWidth.Bytes);
        if (at is null)
        {
            return vcpu.Fault(op);
        }

        byte* src = Operands.Src(s, op);
        ulong old = TWidth.Read(at);
        TWidth.Write(at, TWidth.Read(src));
        TWidth.WriteRegister(src, old);
        vcpu.Commit(s);
        return op + 1;
    }

    private static Op* RunAddRegisters<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* dst = Operands.Dst(s, op);
        byte* src = Operands.Src(s, op);
        ulong old = TWidth.Read(dst);
        ulong sum = Add.Apply<TWidth>(s, old, TWidth.Read(src));
        TWidth.WriteRegister(src, old);
        TWidth.WriteRegister(dst, sum);
        return op + 1;
    }

    private static Op* RunAddMemory<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* at = vcpu.Open(s, Operands.Address(s, op), TWidth.Bytes);
        if (at is null)
        {
            return vcpu.Fault(op);
        }

        byte* src = Operands.Src(s, op);
        ulong old = TWidth.Read(at);
        TWidth.Write(at, Add.Apply<TWidth>(s, old, TWidth.Read(src)));
        TWidth.WriteRegister(src, old);
        vcpu.Commit(s);
        return op + 1;
    }

    private static Op* RunCompareRegisters<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* dst = Operands.Dst(s, op);
        byte* accumulator = (byte*)s->Slots;
        (ulong old, ulong expected) = (TWidth.Read(dst), TWidth.Read(accumulator));
        Sub.Apply<TWidth>(s, expected, old);
        if (old == expected)
        {
            TWidth.WriteRegister(dst, TWidth.Read(Operands.Src(s, op)));
        }
        else
        {
            TWidth.WriteRegister(accumulator, old);
        }

        return op + 1;
    }

    private static Op* RunCompareMemory<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* at = vcpu.Open(s, Operands.Address(s, op), TWidth.Bytes);
        if (at is null)
        {
            return vcpu.Fault(op);
        }

        byte* accumulator = (byte*)s->Slots;
        (ulong old, ulong expected) = (TWidth.Read(at), TWidth.Read(accumulator));
        Sub.Apply<TWidth>(s, expected, old);
        if (old == expected)
        {
            TWidth.Write(at, TWidth.Read(Operands.Src(s, op)));
        }
        else
        {
            TWidth.WriteRegister(accumulator, old);
        }

        vcpu.Commit(s);
        return op + 1;
    }

    private readonly struct SwapRegisters : IByWidth
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &RunSwapRegisters<TWidth>;
    }

    private readonly struct SwapMemory : IByWidth
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &RunSwapMemory<TWidth>;
    }

    private readonly struct AddRegisters : IByWidth
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &RunAddRegisters<TWidth>;
    }

    private readonly struct AddMemory : IByWidth
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &RunAddMemory<TWidth>;
    }

    private readonly struct CompareRegisters : IByWidth
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &RunCompareRegisters<TWidth>;
    }

    private readonly struct CompareMemory : IByWidth
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &RunCompareMemory<TWidth>;
    }
}
