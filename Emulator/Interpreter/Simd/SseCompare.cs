using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Comparisons: masks (CMPPS and kin) and flags (COMISS, UCOMISS and kin).</summary>
/// <remarks>
/// A predicate is a set of relations under which a lane becomes all ones, and a rule for quiet NaNs; legacy instructions know the first
/// eight. The op's immediate holds the set, and in bit 8 whether quiet NaNs signal.
/// Source: [SDM2 "CMPPD", "COMISD", "UCOMISD", "Comparison Predicate for CMPPD and CMPPS Instructions"].
/// </remarks>
internal static unsafe class SseCompare
{
    private const ulong SignalBit = 1 << 8;
    private const byte L = 1 << (int)FpRelation.Less;
    private const byte E = 1 << (int)FpRelation.Equal;
    private const byte G = 1 << (int)FpRelation.Greater;
    private const byte U = 1 << (int)FpRelation.Unordered;

    /// <summary>EQ, LT, LE, UNORD, NEQ, NLT, NLE, ORD; EQ_U, NGE, NGT, FALSE, NEQ_O, GE, GT, TRUE.</summary>
    private static ReadOnlySpan<byte> RelationsOf =>
        [E, L, L | E, U, L | G | U, E | G | U, G | U, L | E | G, E | U, L | U, L | E | U, 0, L | G, E | G, G, L | E | G | U];

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Cmpss, EmitMask<ScalarMask<SingleFormat>>, Mnemonic.Vcmpss),
        new(Mnemonic.Cmpsd, EmitMask<ScalarMask<DoubleFormat>>, Mnemonic.Vcmpsd),
        new(Mnemonic.Cmpps, EmitMask<PackedMask<SingleFormat>>, Mnemonic.Vcmpps),
        new(Mnemonic.Cmppd, EmitMask<PackedMask<DoubleFormat>>, Mnemonic.Vcmppd),
        new(Mnemonic.Comiss, VectorEmitter.Emit<ToFlags<SingleFormat, Signaling>>, Mnemonic.Vcomiss),
        new(Mnemonic.Comisd, VectorEmitter.Emit<ToFlags<DoubleFormat, Signaling>>, Mnemonic.Vcomisd),
        new(Mnemonic.Ucomiss, VectorEmitter.Emit<ToFlags<SingleFormat, Quiet>>, Mnemonic.Vucomiss),
        new(Mnemonic.Ucomisd, VectorEmitter.Emit<ToFlags<DoubleFormat, Quiet>>, Mnemonic.Vucomisd),
    ];

    /// <summary>The relation of two lanes.</summary>
    public static FpRelation Of<TFormat>(ulong a, ulong b, ref FpContext c, NanRule rule)
        where TFormat : struct, IFpFormat =>
        FpCompare.Of(FpCodec.Unpack<TFormat>(a, c), FpCodec.Unpack<TFormat>(b, c), rule, ref c);

    /// <summary>The lane as it stands; a denormal becomes zero under DAZ.</summary>
    public static ulong Flushed<TFormat>(ulong bits, in FpContext c)
        where TFormat : struct, IFpFormat =>
        c.DenormalsAreZero && FpCodec.Unpack<TFormat>(bits).Denormal ? FpCodec.Pack<TFormat>(FpCodec.Unpack<TFormat>(bits, c)) : bits;

    /// <summary>The flags that COMISS and FCOMI leave.</summary>
    public static ulong FlagsOf(FpRelation relation) => relation switch
    {
        FpRelation.Less => Rflags.CF,
        FpRelation.Equal => Rflags.ZF,
        FpRelation.Greater => 0,
        FpRelation.Unordered => Rflags.ZF | Rflags.PF | Rflags.CF,
    };

    private static bool EmitMask<THandler>(ref OpBuilder b)
        where THandler : struct, IVectorHandler
    {
        if (!b.IsRegister(0))
        {
            return false;
        }

        VectorOperands.Take(ref b);
        uint predicate = (uint)b.Op->Immediate & (b.Instruction.Encoding == EncodingKind.Legacy ? 7U : 31);
        bool signals = ((predicate & 3) is 1 or 2) != (predicate > 15);
        b.Op->Immediate = RelationsOf[(int)predicate & 15] | (signals ? SignalBit : 0);
        VectorEmitter.SetRun<THandler>(ref b);
        return true;
    }

    /// <summary>The relation of two zeros or normal numbers, which raises nothing; false for other operands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryRelation<TFormat>(byte* first, byte* second, out FpRelation relation)
        where TFormat : struct, IFpFormat
    {
        double a = TFormat.Bytes == 8 ? *(double*)first : *(float*)first;
        double b = TFormat.Bytes == 8 ? *(double*)second : *(float*)second;
        relation = a < b ? FpRelation.Less : a == b ? FpRelation.Equal : FpRelation.Greater;
        return TFormat.Bytes == 8
            ? SseMath.Plain(a) && SseMath.Plain(b)
            : SseMath.Plain(*(float*)first) && SseMath.Plain(*(float*)second);
    }

    /// <summary>All ones when the relation of two lanes is in the op's set.</summary>
    private static ulong MaskOf<TFormat>(Op* op, ulong a, ulong b, ref FpContext c)
        where TFormat : struct, IFpFormat
    {
        NanRule rule = (op->Immediate & SignalBit) != 0 ? NanRule.Signal : NanRule.Quiet;
        return (op->Immediate >> (int)Of<TFormat>(a, b, ref c, rule) & 1) != 0 ? ulong.MaxValue : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* ExactScalar<TFormat, TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TFormat : struct, IFpFormat
        where TForm : struct, IVectorForm
    {
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        ulong a = SseFloat.Lane<TFormat>((byte*)TForm.First(s, op), 0);
        ulong mask = MaskOf<TFormat>(op, a, SseFloat.Lane<TFormat>(source, 0), ref c);
        if (SseFloat.Report(s, c))
        {
            return SseFloat.Raise(vcpu, op);
        }

        SseFloat.PutScalar<TFormat, TForm>(s, op, mask);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* ExactPacked<TFormat, TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TFormat : struct, IFpFormat
        where TForm : struct, IVectorForm
    {
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        byte* a = (byte*)TForm.First(s, op);
        Vector256<byte> results = default;
        for (int i = 0; i < 16 * TForm.Lanes; i += TFormat.Bytes)
        {
            ulong mask = MaskOf<TFormat>(op, SseFloat.Lane<TFormat>(a, i), SseFloat.Lane<TFormat>(source, i), ref c);
            SseFloat.SetLane<TFormat>((byte*)&results, i, mask);
        }

        if (SseFloat.Report(s, c))
        {
            return SseFloat.Raise(vcpu, op);
        }

        SseFloat.PutLanes<TForm>(s, op, results);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* ExactFlags<TFormat>(Vcpu vcpu, CpuState* s, Op* op, byte* source, NanRule rule)
        where TFormat : struct, IFpFormat
    {
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        ulong a = SseFloat.Lane<TFormat>((byte*)VectorOperands.Dst(s, op), 0);
        FpRelation relation = Of<TFormat>(a, SseFloat.Lane<TFormat>(source, 0), ref c, rule);
        if (SseFloat.Report(s, c))
        {
            return SseFloat.Raise(vcpu, op);
        }

        Rflags.WriteArithmetic(s, FlagsOf(relation));
        return op + 1;
    }

    private readonly struct ScalarMask<TFormat> : IVectorHandler
        where TFormat : struct, IFpFormat
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => TFormat.Bytes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            if (!TryRelation<TFormat>((byte*)TForm.First(s, op), source, out FpRelation relation))
            {
                return ExactScalar<TFormat, TForm>(vcpu, s, op, source);
            }

            SseFloat.PutScalar<TFormat, TForm>(s, op, 0 - ((op->Immediate >> (int)relation) & 1));
            return op + 1;
        }
    }

    private readonly struct PackedMask<TFormat> : IVectorHandler
        where TFormat : struct, IFpFormat
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 16 * TForm.Lanes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            Vector128<byte>* a = TForm.First(s, op);
            Vector128<byte>* b = (Vector128<byte>*)source;
            Vector128<byte> usual = Lane(op, a[0], b[0], out Vector128<byte> low);
            Vector128<byte> high = default;
            if (TForm.Lanes == 2)
            {
                usual &= Lane(op, a[1], b[1], out high);
            }

            if (!Vector128.EqualsAll(usual, Vector128<byte>.AllBitsSet))
            {
                return ExactPacked<TFormat, TForm>(vcpu, s, op, source);
            }

            Vector128<byte>* dst = VectorOperands.Dst(s, op);
            dst[0] = low;
            if (TForm.Lanes == 2)
            {
                dst[1] = high;
            }

            TForm.ClearAbove(dst);
            return op + 1;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<byte> Lane(Op* op, Vector128<byte> a, Vector128<byte> b, out Vector128<byte> result) =>
            TFormat.Bytes == 8 ? Lane(op, a.AsDouble(), b.AsDouble(), out result) : Lane(op, a.AsSingle(), b.AsSingle(), out result);

        /// <summary>Lanes that are ordered and not denormal; the others may have flags to raise.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<byte> Lane<T>(Op* op, Vector128<T> a, Vector128<T> b, out Vector128<byte> result)
            where T : unmanaged
        {
            result = (Vector128.LessThan(a, b).AsByte() & All(op->Immediate & L))
                | (Vector128.Equals(a, b).AsByte() & All(op->Immediate & E))
                | (Vector128.GreaterThan(a, b).AsByte() & All(op->Immediate & G));
            return (SseMath.NotDenormal(a) & SseMath.NotDenormal(b)).AsByte();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<byte> All(ulong bit) => Vector128.Create(bit == 0 ? 0UL : ulong.MaxValue).AsByte();
    }

    private readonly struct ToFlags<TFormat, TRule> : IVectorHandler
        where TFormat : struct, IFpFormat
        where TRule : struct, INanRule
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => TFormat.Bytes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            if (!TryRelation<TFormat>((byte*)VectorOperands.Dst(s, op), source, out FpRelation relation))
            {
                return ExactFlags<TFormat>(vcpu, s, op, source, TRule.Rule);
            }

            Rflags.WriteArithmetic(s, relation == FpRelation.Less ? Rflags.CF : relation == FpRelation.Equal ? Rflags.ZF : 0);
            return op + 1;
        }
    }

    private interface INanRule
    {
        static abstract NanRule Rule { get; }
    }

    private readonly struct Signaling : INanRule
    {
        public static NanRule Rule => NanRule.Signal;
    }

    private readonly struct Quiet : INanRule
    {
        public static NanRule Rule => NanRule.Quiet;
    }
}
