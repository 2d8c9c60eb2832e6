using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>SHL, SHR, SAR, ROL, ROR, RCL, RCR by one, by an immediate and by CL.</summary>
/// <remarks>
/// The count is taken modulo 32, or 64 for 64-bit operands. A count of zero changes no flag, but the destination is still
/// written: memory has to be writable, and a 32-bit register loses its upper half.
/// Source: [SDM2 "SAL/SAR/SHL/SHR", "RCL/RCR/ROL/ROR"].
/// </remarks>
internal static unsafe class Shifts
{
    private const int Cl = 1 * 8;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Shl, Emit<ShiftLeft<LastStep>, ShiftLeft<FirstStep>>),
        new(Mnemonic.Sal, Emit<ShiftLeft<LastStep>, ShiftLeft<FirstStep>>),
        new(Mnemonic.Shr, Emit<ShiftRight<LastStep>, ShiftRight<FirstStep>>),
        new(Mnemonic.Sar, Emit<ShiftArithmetic<LastStep>, ShiftArithmetic<FirstStep>>),
        new(Mnemonic.Rol, EmitRotate<RotateLeft<LastStep>, RotateLeft<FirstStep>, RotateLeft<NoStep>>),
        new(Mnemonic.Ror, EmitRotate<RotateRight<LastStep>, RotateRight<FirstStep>, RotateRight<NoStep>>),
        new(Mnemonic.Rcl, Emit<RotateCarryLeft<LastStep>, RotateCarryLeft<FirstStep>>),
        new(Mnemonic.Rcr, Emit<RotateCarryRight<LastStep>, RotateCarryRight<FirstStep>>),
    ];

    private static bool EmitRotate<TLast, TFirst, TKept>(ref OpBuilder b)
        where TLast : struct, IShift
        where TFirst : struct, IShift
        where TKept : struct, IShift =>
        b.Model.Has(CpuHabits.RotateByImmediateKeepsOverflow) && b.IsRegister(0) && !b.IsRegister(1) && CountOf(b) != 1 ? Emit<TKept>(ref b) : Emit<TLast, TFirst>(ref b);

    private static bool Emit<TLast, TFirst>(ref OpBuilder b)
        where TLast : struct, IShift
        where TFirst : struct, IShift =>
        b.Model.Has(CpuHabits.ShiftFlagsOfFirstStep) ? Emit<TFirst>(ref b) : Emit<TLast>(ref b);

    /// <summary>The count of a shift by an immediate, as it is taken.</summary>
    private static int CountOf(in OpBuilder b) => (int)b.Instruction.GetImmediate(1) & (b.BytesAt(0) == 8 ? 63 : 31);

    private static bool Emit<TShift>(ref OpBuilder b)
        where TShift : struct, IShift
    {
        int bytes = b.BytesAt(0);
        bool byRegister = b.IsRegister(1);
        b.TakeDestination();
        if (byRegister)
        {
            b.Op->Src = Cl;
            b.Op->Run = b.IsRegister(0) ? Pick.Width<RegisterByCl<TShift>>(bytes) : Pick.Width<MemoryByCl<TShift>>(bytes);
            return true;
        }

        int count = CountOf(b);
        b.Op->Immediate = (ulong)count;
        b.Op->Run = !b.IsRegister(0) ? Pick.Width<MemoryByImmediate<TShift>>(bytes)
            : count == 0 ? Pick.Width<RegisterByZero>(bytes)
            : Pick.Width<RegisterByImmediate<TShift>>(bytes);
        return true;
    }

    private static int CountOf<TWidth>(CpuState* s, Op* op)
        where TWidth : struct, IWidth => *Operands.Src(s, op) & (TWidth.Bytes == 8 ? 63 : 31);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ImmediateRegister<TShift, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TShift : struct, IShift
        where TWidth : struct, IWidth
    {
        byte* dst = Operands.Dst(s, op);
        TWidth.WriteRegister(dst, TShift.Apply<TWidth>(s, TWidth.Read(dst), (int)op->Immediate));
        return op + 1;
    }

    private static Op* ZeroRegister<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* dst = Operands.Dst(s, op);
        TWidth.WriteRegister(dst, TWidth.Read(dst));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ClRegister<TShift, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TShift : struct, IShift
        where TWidth : struct, IWidth
    {
        byte* dst = Operands.Dst(s, op);
        int count = CountOf<TWidth>(s, op);
        ulong value = TWidth.Read(dst);
        TWidth.WriteRegister(dst, count == 0 ? value : TShift.Apply<TWidth>(s, value, count));
        return op + 1;
    }

    private static Op* ImmediateMemory<TShift, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TShift : struct, IShift
        where TWidth : struct, IWidth => Memory<TShift, TWidth>(vcpu, s, op, (int)op->Immediate);

    private static Op* ClMemory<TShift, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TShift : struct, IShift
        where TWidth : struct, IWidth => Memory<TShift, TWidth>(vcpu, s, op, CountOf<TWidth>(s, op));

    private static Op* Memory<TShift, TWidth>(Vcpu vcpu, CpuState* s, Op* op, int count)
        where TShift : struct, IShift
        where TWidth : struct, IWidth
    {
        byte* at = vcpu.Open(s, Operands.Address(s, op), TWidth.Bytes);
        if (at is null)
        {
            return vcpu.Fault(op);
        }

        if (count != 0)
        {
            TWidth.Write(at, TShift.Apply<TWidth>(s, TWidth.Read(at), count));
        }

        vcpu.Commit(s);
        return op + 1;
    }

    private readonly struct RegisterByImmediate<TShift> : IByWidth
        where TShift : struct, IShift
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &ImmediateRegister<TShift, TWidth>;
    }

    private readonly struct RegisterByZero : IByWidth
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &ZeroRegister<TWidth>;
    }

    private readonly struct RegisterByCl<TShift> : IByWidth
        where TShift : struct, IShift
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &ClRegister<TShift, TWidth>;
    }

    private readonly struct MemoryByImmediate<TShift> : IByWidth
        where TShift : struct, IShift
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &ImmediateMemory<TShift, TWidth>;
    }

    private readonly struct MemoryByCl<TShift> : IByWidth
        where TShift : struct, IShift
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &ClMemory<TShift, TWidth>;
    }
}
