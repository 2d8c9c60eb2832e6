using System.Numerics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>POPCNT, LZCNT and TZCNT: how many bits are one, or how many zeros stand before the first one.</summary>
/// <remarks>
/// A zero source gives LZCNT and TZCNT the operand width, and sets CF. Source: [SDM2 "POPCNT", "LZCNT", "TZCNT"].
/// </remarks>
internal static unsafe class BitCounts
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Popcnt, Emit<Ones>),
        new(Mnemonic.Lzcnt, EmitZeros<Leading<KeepsOverflow>, Leading<ClearsOverflow>>),
        new(Mnemonic.Tzcnt, EmitZeros<Trailing<KeepsOverflow>, Trailing<ClearsOverflow>>),
    ];

    private static bool EmitZeros<TKeeps, TClears>(ref OpBuilder b)
        where TKeeps : struct, ICount
        where TClears : struct, ICount =>
        b.Model.Has(CpuHabits.ZeroCountClearsOverflow) ? Emit<TClears>(ref b) : Emit<TKeeps>(ref b);

    private static bool Emit<TCount>(ref OpBuilder b)
        where TCount : struct, ICount
    {
        int bytes = b.BytesAt(0);
        b.TakeOperands();
        b.Op->Run = b.IsRegister(1) ? Pick.Width<FromRegister<TCount>>(bytes) : Pick.Width<FromMemory<TCount>>(bytes);
        return true;
    }

    private static Op* Register<TCount, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TCount : struct, ICount
        where TWidth : struct, IWidth
    {
        TWidth.WriteRegister(Operands.Dst(s, op), TCount.Apply<TWidth>(s, TWidth.Read(Operands.Src(s, op))));
        return op + 1;
    }

    private static Op* Memory<TCount, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TCount : struct, ICount
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TWidth.Bytes);
        if (from is null)
        {
            return vcpu.Fault(op);
        }

        TWidth.WriteRegister(Operands.Dst(s, op), TCount.Apply<TWidth>(s, TWidth.Read(from)));
        return op + 1;
    }

    /// <summary>CF and ZF; of the other four, which the manual leaves undefined, OF is a matter of habit and the rest are cleared.</summary>
    private static void NoteZeros<THabit>(CpuState* s, ulong source, ulong count)
        where THabit : struct, IHabit
    {
        ulong kept = THabit.Kept(s);
        Rflags.WriteArithmetic(s, kept | (source == 0 ? Rflags.CF : 0) | (count == 0 ? Rflags.ZF : 0));
    }

    private interface IHabit
    {
        /// <summary>OF, if it stays.</summary>
        static abstract ulong Kept(CpuState* s);
    }

    private readonly struct KeepsOverflow : IHabit
    {
        public static ulong Kept(CpuState* s) => Rflags.Settle(s) & Rflags.OF;
    }

    private readonly struct ClearsOverflow : IHabit
    {
        public static ulong Kept(CpuState* s) => 0;
    }

    private interface ICount
    {
        /// <summary>The count; notes the flags.</summary>
        static abstract ulong Apply<TWidth>(CpuState* s, ulong source)
            where TWidth : struct, IWidth;
    }

    private readonly struct Ones : ICount
    {
        public static ulong Apply<TWidth>(CpuState* s, ulong source)
            where TWidth : struct, IWidth
        {
            Rflags.WriteArithmetic(s, source == 0 ? Rflags.ZF : 0);
            return (ulong)BitOperations.PopCount(source);
        }
    }

    private readonly struct Leading<THabit> : ICount
        where THabit : struct, IHabit
    {
        public static ulong Apply<TWidth>(CpuState* s, ulong source)
            where TWidth : struct, IWidth
        {
            ulong count = (ulong)(BitOperations.LeadingZeroCount(source) - TWidth.Shift);
            NoteZeros<THabit>(s, source, count);
            return count;
        }
    }

    private readonly struct Trailing<THabit> : ICount
        where THabit : struct, IHabit
    {
        public static ulong Apply<TWidth>(CpuState* s, ulong source)
            where TWidth : struct, IWidth
        {
            ulong count = source == 0 ? 8UL * (ulong)TWidth.Bytes : (ulong)BitOperations.TrailingZeroCount(source);
            NoteZeros<THabit>(s, source, count);
            return count;
        }
    }

    private readonly struct FromRegister<TCount> : IByWidth
        where TCount : struct, ICount
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Register<TCount, TWidth>;
    }

    private readonly struct FromMemory<TCount> : IByWidth
        where TCount : struct, ICount
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Memory<TCount, TWidth>;
    }
}
