using System.Runtime.CompilerServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Decode;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>Comparisons: masks (CMPPS and kin) and flags (COMISS, UCOMISS and kin).</summary>
/// <remarks>Source: [SDM2 "CMPPD", "COMISD", "UCOMISD"].</remarks>
internal static unsafe class SseCompare
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Cmpss, EmitMask<SingleFormat>),
        new(Mnemonic.Cmpsd, EmitMask<DoubleFormat>),
        new(Mnemonic.Cmpps, EmitMask<SingleFormat>),
        new(Mnemonic.Cmppd, EmitMask<DoubleFormat>),
        new(Mnemonic.Comiss, EmitSignaling<SingleFormat>),
        new(Mnemonic.Comisd, EmitSignaling<DoubleFormat>),
        new(Mnemonic.Ucomiss, EmitQuiet<SingleFormat>),
        new(Mnemonic.Ucomisd, EmitQuiet<DoubleFormat>),
    ];

    /// <summary>The relation of two lanes.</summary>
    public static FpRelation Of<TFormat>(ulong a, ulong b, ref FpContext c, NanRule rule)
        where TFormat : struct, IFpFormat =>
        FpCompare.Of(FpCodec.Unpack<TFormat>(a, c), FpCodec.Unpack<TFormat>(b, c), rule, ref c);

    /// <summary>The lane as it stands; a denormal becomes zero under DAZ.</summary>
    public static ulong Flushed<TFormat>(ulong bits, in FpContext c)
        where TFormat : struct, IFpFormat =>
        c.DenormalsAreZero && FpCodec.Unpack<TFormat>(bits).Denormal ? FpCodec.Pack<TFormat>(FpCodec.Unpack<TFormat>(bits, c)) : bits;

    private static bool EmitMask<TFormat>(ref OpBuilder b)
        where TFormat : struct, IFpFormat
    {
        if (!SseForms.IsXmm(b, 0))
        {
            return false;
        }

        SseForms.Take(ref b);
        b.Op->Immediate &= 7;
        bool packed = b.Instruction.Mnemonic is Mnemonic.Cmpps or Mnemonic.Cmppd;
        b.Op->Run = packed
            ? b.IsMemory(1) ? &PackedMemory<TFormat> : &PackedRegister<TFormat>
            : b.IsMemory(1) ? &ScalarMemory<TFormat> : &ScalarRegister<TFormat>;
        return true;
    }

    private static bool EmitSignaling<TFormat>(ref OpBuilder b)
        where TFormat : struct, IFpFormat
    {
        SseForms.Take(ref b);
        b.Op->Immediate = (ulong)NanRule.Signal;
        b.Op->Run = b.IsMemory(1) ? &FlagsMemory<TFormat> : &FlagsRegister<TFormat>;
        return true;
    }

    private static bool EmitQuiet<TFormat>(ref OpBuilder b)
        where TFormat : struct, IFpFormat
    {
        SseForms.Take(ref b);
        b.Op->Immediate = (ulong)NanRule.Quiet;
        b.Op->Run = b.IsMemory(1) ? &FlagsMemory<TFormat> : &FlagsRegister<TFormat>;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* FlagsRegister<TFormat>(Vcpu vcpu, CpuState* s, Op* op)
        where TFormat : struct, IFpFormat => Flags<TFormat>(vcpu, s, op, (byte*)SseForms.Src(s, op));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* FlagsMemory<TFormat>(Vcpu vcpu, CpuState* s, Op* op)
        where TFormat : struct, IFpFormat
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TFormat.Bytes);
        return from is null ? vcpu.Fault(op) : Flags<TFormat>(vcpu, s, op, from);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Op* Flags<TFormat>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TFormat : struct, IFpFormat
    {
        byte* dst = (byte*)SseForms.Dst(s, op);
        double a = TFormat.Bytes == 8 ? *(double*)dst : *(float*)dst;
        double b = TFormat.Bytes == 8 ? *(double*)source : *(float*)source;
        bool plain = TFormat.Bytes == 8
            ? SseMath.Plain(a) && SseMath.Plain(b)
            : SseMath.Plain(*(float*)dst) && SseMath.Plain(*(float*)source);
        if (!plain)
        {
            return ExactFlags<TFormat>(vcpu, s, op, source);
        }

        Rflags.WriteArithmetic(s, a < b ? Rflags.CF : a == b ? Rflags.ZF : 0);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* ExactFlags<TFormat>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TFormat : struct, IFpFormat
    {
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        ulong a = SseFloat.Lane<TFormat>((byte*)SseForms.Dst(s, op), 0);
        FpRelation relation = Of<TFormat>(a, SseFloat.Lane<TFormat>(source, 0), ref c, (NanRule)op->Immediate);
        if (SseFloat.Report(s, c))
        {
            return SseFloat.Raise(vcpu, op);
        }

        Rflags.WriteArithmetic(s, FlagsOf(relation));
        return op + 1;
    }

    /// <summary>The flags that COMISS and FCOMI leave.</summary>
    public static ulong FlagsOf(FpRelation relation) => relation switch
    {
        FpRelation.Less => Rflags.CF,
        FpRelation.Equal => Rflags.ZF,
        FpRelation.Greater => 0,
        FpRelation.Unordered => Rflags.ZF | Rflags.PF | Rflags.CF,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ScalarRegister<TFormat>(Vcpu vcpu, CpuState* s, Op* op)
        where TFormat : struct, IFpFormat => Mask<TFormat>(vcpu, s, op, new Lanes((byte*)SseForms.Src(s, op), TFormat.Bytes));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ScalarMemory<TFormat>(Vcpu vcpu, CpuState* s, Op* op)
        where TFormat : struct, IFpFormat
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), TFormat.Bytes);
        return from is null ? vcpu.Fault(op) : Mask<TFormat>(vcpu, s, op, new Lanes(from, TFormat.Bytes));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* PackedRegister<TFormat>(Vcpu vcpu, CpuState* s, Op* op)
        where TFormat : struct, IFpFormat => Mask<TFormat>(vcpu, s, op, new Lanes((byte*)SseForms.Src(s, op), 16));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* PackedMemory<TFormat>(Vcpu vcpu, CpuState* s, Op* op)
        where TFormat : struct, IFpFormat
    {
        byte* from = SseForms.ReadAligned(vcpu, s, op);
        return from is null ? null : Mask<TFormat>(vcpu, s, op, new Lanes(from, 16));
    }

    private static Op* Mask<TFormat>(Vcpu vcpu, CpuState* s, Op* op, Lanes source)
        where TFormat : struct, IFpFormat
    {
        uint predicate = (uint)op->Immediate;
        NanRule rule = (predicate & 3) is 1 or 2 ? NanRule.Signal : NanRule.Quiet;
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        byte* dst = (byte*)SseForms.Dst(s, op);
        UInt128 results = *(UInt128*)dst;
        for (int i = 0; i < source.Bytes; i += TFormat.Bytes)
        {
            FpRelation relation = Of<TFormat>(SseFloat.Lane<TFormat>(dst, i), SseFloat.Lane<TFormat>(source.At, i), ref c, rule);
            SseFloat.SetLane<TFormat>((byte*)&results, i, Holds(predicate, relation) ? ulong.MaxValue : 0);
        }

        if (SseFloat.Report(s, c))
        {
            return SseFloat.Raise(vcpu, op);
        }

        *(UInt128*)dst = results;
        return op + 1;
    }

    /// <summary>EQ, LT, LE, UNORD; the upper four predicates are their opposites.</summary>
    private static bool Holds(uint predicate, FpRelation relation)
    {
        bool holds = (predicate & 3) switch
        {
            0 => relation == FpRelation.Equal,
            1 => relation == FpRelation.Less,
            2 => relation is FpRelation.Less or FpRelation.Equal,
            _ => relation == FpRelation.Unordered,
        };
        return holds != (predicate > 3);
    }

    private readonly struct Lanes(byte* at, int bytes)
    {
        public byte* At { get; } = at;

        public int Bytes { get; } = bytes;
    }
}
