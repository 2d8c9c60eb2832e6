using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>Shuffles by an immediate, and whole-register byte shifts.</summary>
/// <remarks>Source: [SDM2 "PSHUFD", "PSHUFLW", "PSHUFHW", "PSHUFW", "SHUFPS", "SHUFPD", "PSLLDQ", "PSRLDQ"].</remarks>
internal static unsafe class SseShuffles
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Pshufd, Emit<ShuffleDoublewords>),
        new(Mnemonic.Pshuflw, Emit<ShuffleLowWords>),
        new(Mnemonic.Pshufhw, Emit<ShuffleHighWords>),
        new(Mnemonic.Shufps, Emit<ShuffleSingles>),
        new(Mnemonic.Shufpd, Emit<ShuffleDoubles>),
        new(Mnemonic.Pshufw, EmitMmx),
        new(Mnemonic.Pslldq, EmitBytesLeft),
        new(Mnemonic.Psrldq, EmitBytesRight),
    ];

    /// <summary>What a shuffle computes.</summary>
    internal interface IShuffle
    {
        /// <summary>The new destination from its old value, the source and the immediate.</summary>
        static abstract Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, uint order);
    }

    private static bool Emit<TShuffle>(ref OpBuilder b)
        where TShuffle : struct, IShuffle
    {
        SseForms.Take(ref b);
        b.Op->Run = b.IsMemory(1) ? &Memory<TShuffle> : &Register<TShuffle>;
        return true;
    }

    private static bool EmitMmx(ref OpBuilder b)
    {
        SseForms.Take(ref b);
        b.Op->Run = b.IsMemory(1) ? &MmxMemory : &MmxRegister;
        return true;
    }

    private static bool EmitBytesLeft(ref OpBuilder b)
    {
        SseForms.Take(ref b);
        b.Op->Immediate = b.Instruction.GetImmediate(1);
        b.Op->Run = &BytesLeft;
        return true;
    }

    private static bool EmitBytesRight(ref OpBuilder b)
    {
        SseForms.Take(ref b);
        b.Op->Immediate = b.Instruction.GetImmediate(1);
        b.Op->Run = &BytesRight;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Register<TShuffle>(Vcpu vcpu, CpuState* s, Op* op)
        where TShuffle : struct, IShuffle
    {
        Vector128<byte>* dst = SseForms.Dst(s, op);
        *dst = TShuffle.Apply(*dst, *SseForms.Src(s, op), (uint)op->Immediate);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Memory<TShuffle>(Vcpu vcpu, CpuState* s, Op* op)
        where TShuffle : struct, IShuffle
    {
        byte* from = SseForms.ReadAligned(vcpu, s, op);
        if (from is null)
        {
            return null;
        }

        Vector128<byte>* dst = SseForms.Dst(s, op);
        *dst = TShuffle.Apply(*dst, Vector128.Load(from), (uint)op->Immediate);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxRegister(Vcpu vcpu, CpuState* s, Op* op) => Mmx(s, op, MmxMoves.Read(s, op->Src));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxMemory(Vcpu vcpu, CpuState* s, Op* op)
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 8);
        return from is null ? vcpu.Fault(op) : Mmx(s, op, *(ulong*)from);
    }

    private static Op* Mmx(CpuState* s, Op* op, ulong source)
    {
        MmxMoves.Enter(s);
        MmxMoves.Write(s, op->Dst, Words(source, (uint)op->Immediate));
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* BytesLeft(Vcpu vcpu, CpuState* s, Op* op)
    {
        UInt128* dst = (UInt128*)SseForms.Dst(s, op);
        *dst = op->Immediate > 15 ? 0 : *dst << (8 * (int)op->Immediate);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* BytesRight(Vcpu vcpu, CpuState* s, Op* op)
    {
        UInt128* dst = (UInt128*)SseForms.Dst(s, op);
        *dst = op->Immediate > 15 ? 0 : *dst >> (8 * (int)op->Immediate);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Words(ulong from, uint order) =>
        (ulong)(ushort)(from >> ((int)(order & 3) * 16))
        | ((ulong)(ushort)(from >> ((int)((order >> 2) & 3) * 16)) << 16)
        | ((ulong)(ushort)(from >> ((int)((order >> 4) & 3) * 16)) << 32)
        | ((from >> ((int)(order >> 6) * 16)) << 48);

    private readonly struct ShuffleDoublewords : IShuffle
    {
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, uint order) => ShuffleSingles.Apply(b, b, order);
    }

    private readonly struct ShuffleLowWords : IShuffle
    {
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, uint order) =>
            b.AsUInt64().WithElement(0, Words(b.AsUInt64()[0], order)).AsByte();
    }

    private readonly struct ShuffleHighWords : IShuffle
    {
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, uint order) =>
            b.AsUInt64().WithElement(1, Words(b.AsUInt64()[1], order)).AsByte();
    }

    private readonly struct ShuffleSingles : IShuffle
    {
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, uint order)
        {
            uint* first = (uint*)&a;
            uint* second = (uint*)&b;
            return Vector128.Create(
                first[order & 3], first[(order >> 2) & 3], second[(order >> 4) & 3], second[order >> 6]).AsByte();
        }
    }

    private readonly struct ShuffleDoubles : IShuffle
    {
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, uint order)
        {
            ulong* first = (ulong*)&a;
            ulong* second = (ulong*)&b;
            return Vector128.Create(first[order & 1], second[(order >> 1) & 1]).AsByte();
        }
    }
}
