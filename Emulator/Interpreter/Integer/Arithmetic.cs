using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>Two-operand integer arithmetic and logic: ADD, ADC, SUB, SBB, CMP, AND, OR, XOR, TEST.</summary>
/// <remarks>Order in every form: read all, open the destination, compute, commit. Source: [SDM2 "ADD", "CMP" and their kin].</remarks>
internal static unsafe class Arithmetic
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Add, Emit<Add>),
        new(Mnemonic.Adc, Emit<AddCarry>),
        new(Mnemonic.Sub, Emit<Sub>),
        new(Mnemonic.Sbb, Emit<SubBorrow>),
        new(Mnemonic.Cmp, Emit<Compare>),
        new(Mnemonic.And, Emit<And>),
        new(Mnemonic.Or, Emit<Or>),
        new(Mnemonic.Xor, Emit<Xor>),
        new(Mnemonic.Test, Emit<Test>),
    ];

    private static bool Emit<TAlu>(ref OpBuilder b)
        where TAlu : struct, IAlu
    {
        int bytes = b.BytesAt(0);
        b.TakeOperands();
        b.Op->Run = Pick.Width<Computing<TAlu>>(bytes, b);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* RegisterRegister<TAlu, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
    {
        byte* dst = Operands.Dst(s, op);
        ulong result = TAlu.Apply<TWidth>(s, TWidth.Read(dst), TWidth.Read(Operands.Src(s, op)));
        if (TAlu.Writes)
        {
            TWidth.WriteRegister(dst, result);
        }

        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* RegisterImmediate<TAlu, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
    {
        byte* dst = Operands.Dst(s, op);
        ulong result = TAlu.Apply<TWidth>(s, TWidth.Read(dst), op->Immediate);
        if (TAlu.Writes)
        {
            TWidth.WriteRegister(dst, result);
        }

        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* RegisterMemory<TAlu, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
    {
        if (!Probe.TryRead(s, Operands.Address(s, op), TWidth.Bytes, out byte* from))
        {
            return RegisterMiss<TAlu, TWidth>(vcpu, s, op);
        }

        return Load<TAlu, TWidth>(s, op, from);
    }

    /// <summary>An operation of a register with memory, where the look-aside does not know the page.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Op* RegisterMiss<TAlu, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        return from is null ? vcpu.Fault(op) : Load<TAlu, TWidth>(s, op, from);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Op* Load<TAlu, TWidth>(CpuState* s, Op* op, byte* from)
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
    {
        byte* dst = Operands.Dst(s, op);
        ulong result = TAlu.Apply<TWidth>(s, TWidth.Read(dst), TWidth.Read(from));
        if (TAlu.Writes)
        {
            TWidth.WriteRegister(dst, result);
        }

        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MemoryRegister<TAlu, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
    {
        ulong operand = TWidth.Read(Operands.Src(s, op));
        return TryMemory<TAlu, TWidth>(s, op, operand) ? op + 1 : MemoryMiss<TAlu, TWidth>(vcpu, s, op, operand);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MemoryImmediate<TAlu, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth =>
        TryMemory<TAlu, TWidth>(s, op, op->Immediate) ? op + 1 : MemoryMiss<TAlu, TWidth>(vcpu, s, op, op->Immediate);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryMemory<TAlu, TWidth>(CpuState* s, Op* op, ulong operand)
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
    {
        ulong address = Operands.Address(s, op);
        byte* at;
        if (TAlu.Writes ? !Probe.TryWrite(s, address, TWidth.Bytes, out at) : !Probe.TryRead(s, address, TWidth.Bytes, out at))
        {
            return false;
        }

        ulong result = TAlu.Apply<TWidth>(s, TWidth.Read(at), operand);
        if (TAlu.Writes)
        {
            TWidth.Write(at, result);
        }

        return true;
    }

    /// <summary>An operation on memory, where the look-aside does not know the page.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Op* MemoryMiss<TAlu, TWidth>(Vcpu vcpu, CpuState* s, Op* op, ulong operand)
        where TAlu : struct, IAlu
        where TWidth : struct, IWidth
    {
        ulong address = Operands.Address(s, op);
        byte* at = TAlu.Writes ? vcpu.Open(s, address, TWidth.Bytes) : vcpu.Read(s, address, TWidth.Bytes);
        if (at is null)
        {
            return vcpu.Fault(op);
        }

        ulong result = TAlu.Apply<TWidth>(s, TWidth.Read(at), operand);
        if (TAlu.Writes)
        {
            TWidth.Write(at, result);
            vcpu.Commit(s);
        }

        return op + 1;
    }

    private readonly struct Computing<TAlu> : IByWidthAndOperands
        where TAlu : struct, IAlu
    {
        public static Handler With<TWidth>(in OpBuilder b)
            where TWidth : struct, IWidth
        {
            if (b.IsRegister(0))
            {
                return b.IsRegister(1) ? &RegisterRegister<TAlu, TWidth>
                    : b.IsMemory(1) ? &RegisterMemory<TAlu, TWidth>
                    : &RegisterImmediate<TAlu, TWidth>;
            }

            return b.IsRegister(1) ? &MemoryRegister<TAlu, TWidth> : &MemoryImmediate<TAlu, TWidth>;
        }
    }
}
