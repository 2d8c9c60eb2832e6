using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>BT, BTS, BTR and BTC.</summary>
/// <remarks>
/// A bit offset in a register counts, signed, from the operand's first bit and reaches memory beyond the operand; an immediate
/// offset and one into a register are taken modulo the width. Only CF changes. Source: [SDM2 "BT", "BTS", "BTR", "BTC"].
/// </remarks>
internal static unsafe class BitTests
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Bt, Emit<Keep>),
        new(Mnemonic.Bts, Emit<Set>),
        new(Mnemonic.Btr, Emit<Reset>),
        new(Mnemonic.Btc, Emit<Complement>),
    ];

    private static bool Emit<TChange>(ref OpBuilder b)
        where TChange : struct, IChange
    {
        int bytes = b.BytesAt(0);
        b.TakeOperands();
        if (b.IsRegister(0))
        {
            b.Op->Run = b.IsRegister(1) ? Pick.Width<RegisterByRegister<TChange>>(bytes) : Pick.Width<RegisterByImmediate<TChange>>(bytes);
            return true;
        }

        if (b.IsRegister(1))
        {
            bool narrow = b.Op->Base == CpuState.ScratchSlot * 8 || (b.Instruction.MemoryBase == Register.None && b.Instruction.MemoryDisplSize == 4);
            b.Op->Immediate = narrow ? uint.MaxValue : ulong.MaxValue;
            b.Op->Run = Pick.Width<MemoryByRegister<TChange>>(bytes);
            return true;
        }

        b.Op->Run = Pick.Width<MemoryByImmediate<TChange>>(bytes);
        return true;
    }

    private static Op* InRegister<TChange, TWidth>(CpuState* s, Op* op, ulong offset)
        where TChange : struct, IChange
        where TWidth : struct, IWidth
    {
        byte* dst = Operands.Dst(s, op);
        ulong bit = 1UL << (int)(offset & ((8UL * (ulong)TWidth.Bytes) - 1));
        ulong value = TWidth.Read(dst);
        if (TChange.Writes)
        {
            TWidth.WriteRegister(dst, TChange.Apply(value, bit));
        }

        Lazy.NoteCarry(s, (value & bit) != 0 ? Rflags.CF : 0);
        return op + 1;
    }

    private static Op* InMemory<TChange, TWidth>(Vcpu vcpu, CpuState* s, Op* op, ulong address, ulong offset)
        where TChange : struct, IChange
        where TWidth : struct, IWidth
    {
        byte* at = TChange.Writes ? vcpu.Open(s, address, TWidth.Bytes) : vcpu.Read(s, address, TWidth.Bytes);
        if (at is null)
        {
            return vcpu.Fault(op);
        }

        ulong bit = 1UL << (int)(offset & ((8UL * (ulong)TWidth.Bytes) - 1));
        ulong value = TWidth.Read(at);
        if (TChange.Writes)
        {
            TWidth.Write(at, TChange.Apply(value, bit));
            vcpu.Commit(s);
        }

        Lazy.NoteCarry(s, (value & bit) != 0 ? Rflags.CF : 0);
        return op + 1;
    }

    private static Op* RunRegisterRegister<TChange, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TChange : struct, IChange
        where TWidth : struct, IWidth => InRegister<TChange, TWidth>(s, op, TWidth.Read(Operands.Src(s, op)));

    private static Op* RunRegisterImmediate<TChange, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TChange : struct, IChange
        where TWidth : struct, IWidth => InRegister<TChange, TWidth>(s, op, op->Immediate);

    private static Op* RunMemoryImmediate<TChange, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TChange : struct, IChange
        where TWidth : struct, IWidth => InMemory<TChange, TWidth>(vcpu, s, op, Operands.Address(s, op), op->Immediate);

    private static Op* RunMemoryRegister<TChange, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TChange : struct, IChange
        where TWidth : struct, IWidth
    {
        long offset = (long)(TWidth.Read(Operands.Src(s, op)) << TWidth.Shift) >> TWidth.Shift;
        long away = (offset >> System.Numerics.BitOperations.Log2(8 * (uint)TWidth.Bytes)) * TWidth.Bytes;
        ulong segment = *(ulong*)((byte*)s + op->Segment);
        ulong address = ((Operands.Address(s, op) - segment + (ulong)away) & op->Immediate) + segment;
        return InMemory<TChange, TWidth>(vcpu, s, op, address, (ulong)offset);
    }

    private interface IChange
    {
        static abstract bool Writes { get; }

        static abstract ulong Apply(ulong value, ulong bit);
    }

    private readonly struct Keep : IChange
    {
        public static bool Writes => false;

        public static ulong Apply(ulong value, ulong bit) => value;
    }

    private readonly struct Set : IChange
    {
        public static bool Writes => true;

        public static ulong Apply(ulong value, ulong bit) => value | bit;
    }

    private readonly struct Reset : IChange
    {
        public static bool Writes => true;

        public static ulong Apply(ulong value, ulong bit) => value & ~bit;
    }

    private readonly struct Complement : IChange
    {
        public static bool Writes => true;

        public static ulong Apply(ulong value, ulong bit) => value ^ bit;
    }

    private readonly struct RegisterByRegister<TChange> : IByWidth
        where TChange : struct, IChange
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &RunRegisterRegister<TChange, TWidth>;
    }

    private readonly struct RegisterByImmediate<TChange> : IByWidth
        where TChange : struct, IChange
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &RunRegisterImmediate<TChange, TWidth>;
    }

    private readonly struct MemoryByRegister<TChange> : IByWidth
        where TChange : struct, IChange
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &RunMemoryRegister<TChange, TWidth>;
    }

    private readonly struct MemoryByImmediate<TChange> : IByWidth
        where TChange : struct, IChange
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &RunMemoryImmediate<TChange, TWidth>;
    }
}
