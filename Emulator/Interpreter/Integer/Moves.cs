using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>MOV between general-purpose registers, memory and immediates, and LEA.</summary>
/// <remarks>Source: [SDM2 "MOV", "LEA"].</remarks>
internal static unsafe class Moves
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Mov, EmitMov),
        new(Mnemonic.Movnti, EmitMov),
        new(Mnemonic.Lea, EmitLea),
    ];

    private static bool EmitMov(ref OpBuilder b)
    {
        if ((b.IsRegister(0) && !b.Instruction.Op0Register.IsGPR()) || (b.IsRegister(1) && !b.Instruction.Op1Register.IsGPR()))
        {
            return false;
        }

        int bytes = b.BytesAt(0);
        b.TakeOperands();
        b.Op->Run = Pick.Width<Moving>(bytes, b);
        return true;
    }

    private static bool EmitLea(ref OpBuilder b)
    {
        b.TakeAddress();
        b.Op->Segment = CpuState.ZeroSlot * 8;
        b.Op->Dst = b.RegisterAt(0);
        b.Op->Run = b.Instruction.Op0Register.GetSize() switch
        {
            2 => &LoadAddress<W16>,
            4 => &LoadAddress<W32>,
            _ => &LoadAddress<W64>,
        };
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* RegisterRegister<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        TWidth.WriteRegister(Operands.Dst(s, op), TWidth.Read(Operands.Src(s, op)));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* RegisterImmediate<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        TWidth.WriteRegister(Operands.Dst(s, op), op->Immediate);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* RegisterMemory<TAddress, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TAddress : struct, IAddressing
        where TWidth : struct, IWidth
    {
        if (!Probe.TryRead(s, TAddress.Of(s, op), TWidth.Bytes, out byte* from))
        {
            return RegisterMiss<TWidth>(vcpu, s, op);
        }

        TWidth.WriteRegister(Operands.Dst(s, op), TWidth.Read(from));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* RegisterMiss<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        TWidth.WriteRegister(Operands.Dst(s, op), TWidth.Read(from));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MemoryRegister<TAddress, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TAddress : struct, IAddressing
        where TWidth : struct, IWidth
    {
        ulong value = TWidth.Read(Operands.Src(s, op));
        if (!Probe.TryWrite(s, TAddress.Of(s, op), TWidth.Bytes, out byte* to))
        {
            return MemoryMiss<TWidth>(vcpu, s, op, value);
        }

        TWidth.Write(to, value);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MemoryImmediate<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        if (!Probe.TryWrite(s, Operands.Address(s, op), TWidth.Bytes, out byte* to))
        {
            return MemoryMiss<TWidth>(vcpu, s, op, op->Immediate);
        }

        TWidth.Write(to, op->Immediate);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* MemoryMiss<TWidth>(Vcpu vcpu, CpuState* s, Op* op, ulong value)
        where TWidth : struct, IWidth
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), TWidth.Bytes);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        TWidth.Write(to, value);
        vcpu.Commit(s);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* LoadAddress<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        TWidth.WriteRegister(Operands.Dst(s, op), Operands.Address(s, op));
        return op + 1;
    }

    private readonly struct Moving : IByWidthAndOperands
    {
        public static Handler With<TWidth>(in OpBuilder b)
            where TWidth : struct, IWidth
        {
            if (b.IsRegister(0))
            {
                return b.IsRegister(1) ? &RegisterRegister<TWidth>
                    : b.IsImmediate(1) ? &RegisterImmediate<TWidth>
                    : BasePlus.Fits(b.Op) ? &RegisterMemory<BasePlus, TWidth>
                    : &RegisterMemory<AnyAddress, TWidth>;
            }

            return !b.IsRegister(1) ? &MemoryImmediate<TWidth>
                : BasePlus.Fits(b.Op) ? &MemoryRegister<BasePlus, TWidth>
                : &MemoryRegister<AnyAddress, TWidth>;
        }
    }
}
