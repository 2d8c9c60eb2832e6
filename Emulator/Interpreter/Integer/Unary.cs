using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Integer;

/// <summary>INC, DEC, NEG, NOT and BSWAP.</summary>
/// <remarks>Source: [SDM2 "INC", "DEC", "NEG", "NOT", "BSWAP"].</remarks>
internal static unsafe class Unary
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Inc, Emit<Increment>),
        new(Mnemonic.Dec, Emit<Decrement>),
        new(Mnemonic.Neg, Emit<Negate>),
        new(Mnemonic.Not, Emit<Invert>),
        new(Mnemonic.Bswap, Emit<Swap>),
    ];

    private static bool Emit<TUnary>(ref OpBuilder b)
        where TUnary : struct, IUnary
    {
        int bytes = b.BytesAt(0);
        b.TakeDestination();
        b.Op->Run = b.IsRegister(0) ? Pick.Width<InRegister<TUnary>>(bytes) : Pick.Width<InMemory<TUnary>>(bytes);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Register<TUnary, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TUnary : struct, IUnary
        where TWidth : struct, IWidth
    {
        byte* dst = Operands.Dst(s, op);
        TWidth.WriteRegister(dst, TUnary.Apply<TWidth>(s, TWidth.Read(dst)));
        return op + 1;
    }

    private static Op* Memory<TUnary, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TUnary : struct, IUnary
        where TWidth : struct, IWidth
    {
        byte* at = vcpu.Open(s, Operands.Address(s, op), TWidth.Bytes);
        if (at is null)
        {
            return vcpu.Fault(op);
        }

        TWidth.Write(at, TUnary.Apply<TWidth>(s, TWidth.Read(at)));
        vcpu.Commit(s);
        return op + 1;
    }

    private readonly struct InRegister<TUnary> : IByWidth
        where TUnary : struct, IUnary
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Register<TUnary, TWidth>;
    }

    private readonly struct InMemory<TUnary> : IByWidth
        where TUnary : struct, IUnary
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &Memory<TUnary, TWidth>;
    }

    private interface IUnary
    {
        static abstract ulong Apply<TWidth>(CpuState* s, ulong a)
            where TWidth : struct, IWidth;
    }

    private readonly struct Increment : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply<TWidth>(CpuState* s, ulong a)
            where TWidth : struct, IWidth
        {
            s->FlagStash = Rflags.Carry(s) ? Rflags.CF : 0;
            Lazy.Note<TWidth>(s, FlagKind.Carry, a, 1, a + 1);
            return a + 1;
        }
    }

    private readonly struct Decrement : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply<TWidth>(CpuState* s, ulong a)
            where TWidth : struct, IWidth
        {
            s->FlagStash = Rflags.Carry(s) ? Rflags.CF : 0;
            Lazy.Note<TWidth>(s, FlagKind.Borrow, a, 1, a - 1);
            return a - 1;
        }
    }

    private readonly struct Negate : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Apply<TWidth>(CpuState* s, ulong a)
            where TWidth : struct, IWidth => Sub.Apply<TWidth>(s, 0, a);
    }

    private readonly struct Invert : IUnary
    {
        public static ulong Apply<TWidth>(CpuState* s, ulong a)
            where TWidth : struct, IWidth => ~a;
    }

    /// <summary>BSWAP; of a 16-bit register the result is undefined, and zero on the processors there are.</summary>
    private readonly struct Swap : IUnary
    {
        public static ulong Apply<TWidth>(CpuState* s, ulong a)
            where TWidth : struct, IWidth => TWidth.Bytes switch
            {
                8 => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(a),
                4 => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness((uint)a),
                _ => 0,
            };
    }
}
