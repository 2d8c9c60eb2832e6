using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Packed conversions, between XMM registers and between XMM and MMX registers.</summary>
/// <remarks>
/// One loop serves all: lanes of one width become lanes of another; the destination's lanes beyond the last become zero where it
/// is an XMM register written whole. Source: [SDM2 "CVTDQ2PS", "CVTPS2DQ", "CVTPD2DQ", "CVTPI2PS", "CVTPS2PI" and kin].
/// </remarks>
internal static unsafe class SseConvertPacked
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Cvtdq2ps, VectorEmitter.Emit<Whole<FromIntegers<SingleFormat>>>, Mnemonic.Vcvtdq2ps),
        new(Mnemonic.Cvtdq2pd, VectorEmitter.Emit<Whole<FromIntegers<DoubleFormat>>>, Mnemonic.Vcvtdq2pd),
        new(Mnemonic.Cvtps2dq, VectorEmitter.Emit<Whole<ToIntegers<SingleFormat, SseConvert.AsControlled>>>, Mnemonic.Vcvtps2dq),
        new(Mnemonic.Cvttps2dq, VectorEmitter.Emit<Whole<ToIntegers<SingleFormat, SseConvert.Truncated>>>, Mnemonic.Vcvttps2dq),
        new(Mnemonic.Cvtpd2dq, VectorEmitter.Emit<Whole<ToIntegers<DoubleFormat, SseConvert.AsControlled>>>, Mnemonic.Vcvtpd2dq),
        new(Mnemonic.Cvttpd2dq, VectorEmitter.Emit<Whole<ToIntegers<DoubleFormat, SseConvert.Truncated>>>, Mnemonic.Vcvttpd2dq),
        new(Mnemonic.Cvtps2pd, VectorEmitter.Emit<Whole<Formats<SingleFormat, DoubleFormat>>>, Mnemonic.Vcvtps2pd),
        new(Mnemonic.Cvtpd2ps, VectorEmitter.Emit<Whole<Formats<DoubleFormat, SingleFormat>>>, Mnemonic.Vcvtpd2ps),
        new(Mnemonic.Cvtpi2ps, EmitFromMmx<FromIntegers<SingleFormat>>),
        new(Mnemonic.Cvtpi2pd, EmitFromMmx<FromIntegers<DoubleFormat>>),
        new(Mnemonic.Cvtps2pi, EmitToMmx<ToIntegers<SingleFormat, SseConvert.AsControlled>>),
        new(Mnemonic.Cvttps2pi, EmitToMmx<ToIntegers<SingleFormat, SseConvert.Truncated>>),
        new(Mnemonic.Cvtpd2pi, EmitToMmx<ToIntegers<DoubleFormat, SseConvert.AsControlled>>),
        new(Mnemonic.Cvttpd2pi, EmitToMmx<ToIntegers<DoubleFormat, SseConvert.Truncated>>),
    ];

    /// <summary>What one lane becomes.</summary>
    internal interface ILane
    {
        /// <summary>Width of a source lane.</summary>
        static abstract int FromBytes { get; }

        /// <summary>Width of a destination lane.</summary>
        static abstract int ToBytes { get; }

        /// <summary>The converted lane.</summary>
        static abstract ulong Apply(ulong lane, ref FpContext c);
    }

    private static bool EmitFromMmx<TLane>(ref OpBuilder b)
        where TLane : struct, ILane
    {
        VectorOperands.Take(ref b);
        b.Op->Run = b.IsMemory(1) ? &FromMmxMemory<TLane> : &FromMmx<TLane>;
        return true;
    }

    private static bool EmitToMmx<TLane>(ref OpBuilder b)
        where TLane : struct, ILane
    {
        VectorOperands.Take(ref b);
        b.Op->Run = b.IsMemory(1)
            ? b.Instruction.MemorySize.GetSize() == 16 ? &ToMmxFromAligned<TLane> : &ToMmxFromHalf<TLane>
            : &ToMmx<TLane>;
        return true;
    }

    private static Op* FromMmx<TLane>(Vcpu vcpu, CpuState* s, Op* op)
        where TLane : struct, ILane
    {
        MmxMoves.Enter(s);
        ulong source = MmxMoves.Read(s, op->Src);
        return Low<TLane>(vcpu, s, op, (byte*)&source);
    }

    private static Op* FromMmxMemory<TLane>(Vcpu vcpu, CpuState* s, Op* op)
        where TLane : struct, ILane
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 8);
        return from is null ? vcpu.Fault(op) : Low<TLane>(vcpu, s, op, from);
    }

    /// <summary>Two lanes into the low part of the destination, the rest of which stays.</summary>
    private static Op* Low<TLane>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TLane : struct, ILane
    {
        if (!TryLanes<TLane>(s, source, 8, out Vector256<byte> results))
        {
            return SseFloat.Raise(vcpu, op);
        }

        int bytes = 2 * TLane.ToBytes;
        new ReadOnlySpan<byte>(&results, bytes).CopyTo(new Span<byte>(VectorOperands.Dst(s, op), bytes));
        return op + 1;
    }

    private static Op* ToMmx<TLane>(Vcpu vcpu, CpuState* s, Op* op)
        where TLane : struct, ILane => Mmx<TLane>(vcpu, s, op, (byte*)VectorOperands.Src(s, op));

    private static Op* ToMmxFromAligned<TLane>(Vcpu vcpu, CpuState* s, Op* op)
        where TLane : struct, ILane
    {
        byte* from = VectorEmitter.Read<Legacy>(vcpu, s, op, 16);
        return from is null ? null : Mmx<TLane>(vcpu, s, op, from);
    }

    private static Op* ToMmxFromHalf<TLane>(Vcpu vcpu, CpuState* s, Op* op)
        where TLane : struct, ILane
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 8);
        return from is null ? vcpu.Fault(op) : Mmx<TLane>(vcpu, s, op, from);
    }

    /// <summary>An unmasked exception finds the x87 registers turned to MMX mode already.</summary>
    private static Op* Mmx<TLane>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TLane : struct, ILane
    {
        MmxMoves.Enter(s);
        if (!TryLanes<TLane>(s, source, 2 * TLane.FromBytes, out Vector256<byte> results))
        {
            return SseFloat.Raise(vcpu, op);
        }

        MmxMoves.Write(s, op->Dst, results.AsUInt64().ToScalar());
        return op + 1;
    }

    /// <summary>Converts the lanes of <paramref name="bytes"/> source bytes; false for #XM.</summary>
    private static bool TryLanes<TLane>(CpuState* s, byte* source, int bytes, out Vector256<byte> results)
        where TLane : struct, ILane
    {
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        Vector256<byte> converted = default;
        byte* to = (byte*)&converted;
        for (int i = 0; i < bytes / TLane.FromBytes; i++)
        {
            ulong lane = TLane.Apply(TLane.FromBytes == 8 ? ((ulong*)source)[i] : ((uint*)source)[i], ref c);
            if (TLane.ToBytes == 8)
            {
                ((ulong*)to)[i] = lane;
            }
            else
            {
                ((uint*)to)[i] = (uint)lane;
            }
        }

        results = converted;
        return !SseFloat.Report(s, c);
    }

    /// <summary>The lanes of a whole vector: as many as the wider of both formats has room for; zeros above the last.</summary>
    private readonly struct Whole<TLane> : IVectorHandler
        where TLane : struct, ILane
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 16 * TForm.Lanes / (TLane.ToBytes > TLane.FromBytes ? 2 : 1);

        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            if (!TryLanes<TLane>(s, source, SourceBytes<TForm>(), out Vector256<byte> results))
            {
                return SseFloat.Raise(vcpu, op);
            }

            SseFloat.PutLanes<TForm>(s, op, results);
            return op + 1;
        }
    }

    private readonly struct FromIntegers<TTo> : ILane
        where TTo : struct, IFpFormat
    {
        public static int FromBytes => 4;

        public static int ToBytes => TTo.Bytes;

        public static ulong Apply(ulong lane, ref FpContext c) => SseConvert.FromInteger<TTo>((int)lane, ref c);
    }

    private readonly struct ToIntegers<TFrom, TRounding> : ILane
        where TFrom : struct, IFpFormat
        where TRounding : struct, SseConvert.IIntegerRounding
    {
        public static int FromBytes => TFrom.Bytes;

        public static int ToBytes => 4;

        public static ulong Apply(ulong lane, ref FpContext c) => (ulong)SseConvert.ToInteger<TFrom, TRounding>(lane, 32, ref c);
    }

    private readonly struct Formats<TFrom, TTo> : ILane
        where TFrom : struct, IFpFormat
        where TTo : struct, IFpFormat
    {
        public static int FromBytes => TFrom.Bytes;

        public static int ToBytes => TTo.Bytes;

        public static ulong Apply(ulong lane, ref FpContext c) => SseConvert.Between<TFrom, TTo>(lane, ref c);
    }
}
