using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.Simd;
using MmuEmu.Emulator.Interpreter.SoftFloat;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Vex;

/// <summary>The fused multiplications and additions of FMA.</summary>
/// <remarks>Which operand is which is known when the instruction is decoded and stands in the op's immediate. Source: [SDM1 "Fused-Multiply-ADD (FMA)"].</remarks>
internal static unsafe class FusedMultiply
{
    private const FusedControl Add = FusedControl.None;
    private const FusedControl Sub = FusedControl.NegateEven | FusedControl.NegateOdd;
    private const FusedControl NegatedAdd = FusedControl.NegateProduct;
    private const FusedControl NegatedSub = FusedControl.NegateProduct | Sub;
    private const FusedControl AddSub = FusedControl.NegateEven;
    private const FusedControl SubAdd = FusedControl.NegateOdd;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Vfmadd132ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.None | Add)),
        new(Mnemonic.Vfmadd132pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.None | Add)),
        new(Mnemonic.Vfmadd132ss, static (ref OpBuilder b) => Scalar<SingleFormat>(ref b, FusedControl.None | Add)),
        new(Mnemonic.Vfmadd132sd, static (ref OpBuilder b) => Scalar<DoubleFormat>(ref b, FusedControl.None | Add)),
        new(Mnemonic.Vfmadd213ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.Order213 | Add)),
        new(Mnemonic.Vfmadd213pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.Order213 | Add)),
        new(Mnemonic.Vfmadd213ss, static (ref OpBuilder b) => Scalar<SingleFormat>(ref b, FusedControl.Order213 | Add)),
        new(Mnemonic.Vfmadd213sd, static (ref OpBuilder b) => Scalar<DoubleFormat>(ref b, FusedControl.Order213 | Add)),
        new(Mnemonic.Vfmadd231ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.Order231 | Add)),
        new(Mnemonic.Vfmadd231pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.Order231 | Add)),
        new(Mnemonic.Vfmadd231ss, static (ref OpBuilder b) => Scalar<SingleFormat>(ref b, FusedControl.Order231 | Add)),
        new(Mnemonic.Vfmadd231sd, static (ref OpBuilder b) => Scalar<DoubleFormat>(ref b, FusedControl.Order231 | Add)),
        new(Mnemonic.Vfmsub132ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.None | Sub)),
        new(Mnemonic.Vfmsub132pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.None | Sub)),
        new(Mnemonic.Vfmsub132ss, static (ref OpBuilder b) => Scalar<SingleFormat>(ref b, FusedControl.None | Sub)),
        new(Mnemonic.Vfmsub132sd, static (ref OpBuilder b) => Scalar<DoubleFormat>(ref b, FusedControl.None | Sub)),
        new(Mnemonic.Vfmsub213ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.Order213 | Sub)),
        new(Mnemonic.Vfmsub213pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.Order213 | Sub)),
        new(Mnemonic.Vfmsub213ss, static (ref OpBuilder b) => Scalar<SingleFormat>(ref b, FusedControl.Order213 | Sub)),
        new(Mnemonic.Vfmsub213sd, static (ref OpBuilder b) => Scalar<DoubleFormat>(ref b, FusedControl.Order213 | Sub)),
        new(Mnemonic.Vfmsub231ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.Order231 | Sub)),
        new(Mnemonic.Vfmsub231pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.Order231 | Sub)),
        new(Mnemonic.Vfmsub231ss, static (ref OpBuilder b) => Scalar<SingleFormat>(ref b, FusedControl.Order231 | Sub)),
        new(Mnemonic.Vfmsub231sd, static (ref OpBuilder b) => Scalar<DoubleFormat>(ref b, FusedControl.Order231 | Sub)),
        new(Mnemonic.Vfnmadd132ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.None | NegatedAdd)),
        new(Mnemonic.Vfnmadd132pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.None | NegatedAdd)),
        new(Mnemonic.Vfnmadd132ss, static (ref OpBuilder b) => Scalar<SingleFormat>(ref b, FusedControl.None | NegatedAdd)),
        new(Mnemonic.Vfnmadd132sd, static (ref OpBuilder b) => Scalar<DoubleFormat>(ref b, FusedControl.None | NegatedAdd)),
        new(Mnemonic.Vfnmadd213ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.Order213 | NegatedAdd)),
        new(Mnemonic.Vfnmadd213pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.Order213 | NegatedAdd)),
        new(Mnemonic.Vfnmadd213ss, static (ref OpBuilder b) => Scalar<SingleFormat>(ref b, FusedControl.Order213 | NegatedAdd)),
        new(Mnemonic.Vfnmadd213sd, static (ref OpBuilder b) => Scalar<DoubleFormat>(ref b, FusedControl.Order213 | NegatedAdd)),
        new(Mnemonic.Vfnmadd231ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.Order231 | NegatedAdd)),
        new(Mnemonic.Vfnmadd231pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.Order231 | NegatedAdd)),
        new(Mnemonic.Vfnmadd231ss, static (ref OpBuilder b) => Scalar<SingleFormat>(ref b, FusedControl.Order231 | NegatedAdd)),
        new(Mnemonic.Vfnmadd231sd, static (ref OpBuilder b) => Scalar<DoubleFormat>(ref b, FusedControl.Order231 | NegatedAdd)),
        new(Mnemonic.Vfnmsub132ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.None | NegatedSub)),
        new(Mnemonic.Vfnmsub132pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.None | NegatedSub)),
        new(Mnemonic.Vfnmsub132ss, static (ref OpBuilder b) => Scalar<SingleFormat>(ref b, FusedControl.None | NegatedSub)),
        new(Mnemonic.Vfnmsub132sd, static (ref OpBuilder b) => Scalar<DoubleFormat>(ref b, FusedControl.None | NegatedSub)),
        new(Mnemonic.Vfnmsub213ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.Order213 | NegatedSub)),
        new(Mnemonic.Vfnmsub213pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.Order213 | NegatedSub)),
        new(Mnemonic.Vfnmsub213ss, static (ref OpBuilder b) => Scalar<SingleFormat>(ref b, FusedControl.Order213 | NegatedSub)),
        new(Mnemonic.Vfnmsub213sd, static (ref OpBuilder b) => Scalar<DoubleFormat>(ref b, FusedControl.Order213 | NegatedSub)),
        new(Mnemonic.Vfnmsub231ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.Order231 | NegatedSub)),
        new(Mnemonic.Vfnmsub231pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.Order231 | NegatedSub)),
        new(Mnemonic.Vfnmsub231ss, static (ref OpBuilder b) => Scalar<SingleFormat>(ref b, FusedControl.Order231 | NegatedSub)),
        new(Mnemonic.Vfnmsub231sd, static (ref OpBuilder b) => Scalar<DoubleFormat>(ref b, FusedControl.Order231 | NegatedSub)),
        new(Mnemonic.Vfmaddsub132ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.None | AddSub)),
        new(Mnemonic.Vfmaddsub132pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.None | AddSub)),
        new(Mnemonic.Vfmaddsub213ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.Order213 | AddSub)),
        new(Mnemonic.Vfmaddsub213pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.Order213 | AddSub)),
        new(Mnemonic.Vfmaddsub231ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.Order231 | AddSub)),
        new(Mnemonic.Vfmaddsub231pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.Order231 | AddSub)),
        new(Mnemonic.Vfmsubadd132ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.None | SubAdd)),
        new(Mnemonic.Vfmsubadd132pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.None | SubAdd)),
        new(Mnemonic.Vfmsubadd213ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.Order213 | SubAdd)),
        new(Mnemonic.Vfmsubadd213pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.Order213 | SubAdd)),
        new(Mnemonic.Vfmsubadd231ps, static (ref OpBuilder b) => Packed<SingleFormat>(ref b, FusedControl.Order231 | SubAdd)),
        new(Mnemonic.Vfmsubadd231pd, static (ref OpBuilder b) => Packed<DoubleFormat>(ref b, FusedControl.Order231 | SubAdd)),
    ];

    private static bool Packed<TFormat>(ref OpBuilder b, FusedControl control)
        where TFormat : struct, IFpFormat
    {
        VectorOperands.Take(ref b);
        b.Op->Immediate = (ulong)control;
        VectorEmitter.SetRun<PackedFused<TFormat>>(ref b);
        return true;
    }

    private static bool Scalar<TFormat>(ref OpBuilder b, FusedControl control)
        where TFormat : struct, IFpFormat
    {
        VectorOperands.Take(ref b);
        b.Op->Immediate = (ulong)control;
        VectorEmitter.SetRun<ScalarFused<TFormat>>(ref b);
        return true;
    }

    /// <summary>Factors and addend among the three operands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Arrange<TForm>(CpuState* s, Op* op, byte* source, out byte* a, out byte* b, out byte* addend)
        where TForm : struct, IVectorForm
    {
        byte* first = (byte*)VectorOperands.Dst(s, op);
        byte* second = (byte*)TForm.First(s, op);
        switch ((FusedControl)op->Immediate & (FusedControl.Order213 | FusedControl.Order231))
        {
            case FusedControl.Order213:
                a = second;
                b = first;
                addend = source;
                break;
            case FusedControl.Order231:
                a = second;
                b = source;
                addend = first;
                break;
            default:
                a = first;
                b = source;
                addend = second;
                break;
        }
    }

    /// <summary>The lane's own control: an odd lane's addend turns as an even one's would.</summary>
    private static FusedControl ControlOf<TFormat>(Op* op, int at)
        where TFormat : struct, IFpFormat
    {
        FusedControl control = (FusedControl)op->Immediate;
        bool odd = (at & TFormat.Bytes) != 0;
        bool negate = (control & (odd ? FusedControl.NegateOdd : FusedControl.NegateEven)) != 0;
        return negate ? control | FusedControl.NegateEven : control & ~FusedControl.NegateEven;
    }

    /// <summary>The signs that turn: one bit at the top of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Signs<TFormat>(ulong even, ulong odd)
        where TFormat : struct, IFpFormat => TFormat.Bytes == 8
            ? Vector128.Create(even << 63, odd << 63).AsByte()
            : Vector128.Create((even << 31) | (odd << 63)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HostLane<TFormat>(Op* op, V a, V b, V addend, out V result)
        where TFormat : struct, IFpFormat
    {
        ulong control = op->Immediate;
        ulong product = (control >> 2) & 1;
        a ^= Signs<TFormat>(product, product);
        addend ^= Signs<TFormat>((control >> 3) & 1, (control >> 4) & 1);
        if (TFormat.Bytes == 8)
        {
            V trusted = FusedLane.Host(a.AsDouble(), b.AsDouble(), addend.AsDouble(), out Vector128<double> doubles).AsByte();
            result = doubles.AsByte();
            return trusted;
        }
        else
        {
            V trusted = FusedLane.Host(a.AsSingle(), b.AsSingle(), addend.AsSingle(), out Vector128<float> singles).AsByte();
            result = singles.AsByte();
            return trusted;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* SoftPacked<TFormat, TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TFormat : struct, IFpFormat
        where TForm : struct, IVectorForm
    {
        Arrange<TForm>(s, op, source, out byte* a, out byte* b, out byte* addend);
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        Vector256<byte> results = default;
        for (int i = 0; i < 16 * TForm.Lanes; i += TFormat.Bytes)
        {
            ulong result = FusedLane.Apply<TFormat>(SseFloat.Lane<TFormat>(a, i), SseFloat.Lane<TFormat>(b, i), SseFloat.Lane<TFormat>(addend, i),
                ControlOf<TFormat>(op, i), ref c);
            SseFloat.SetLane<TFormat>((byte*)&results, i, result);
        }

        if (SseFloat.Report(s, c))
        {
            return SseFloat.Raise(vcpu, op);
        }

        SseFloat.PutLanes<TForm>(s, op, results);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* SoftScalar<TFormat, TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
        where TFormat : struct, IFpFormat
        where TForm : struct, IVectorForm
    {
        Arrange<TForm>(s, op, source, out byte* a, out byte* b, out byte* addend);
        FpContext c = FpContext.OfMxcsr(s->Mxcsr);
        ulong result = FusedLane.Apply<TFormat>(SseFloat.Lane<TFormat>(a, 0), SseFloat.Lane<TFormat>(b, 0), SseFloat.Lane<TFormat>(addend, 0),
            ControlOf<TFormat>(op, 0), ref c);
        if (SseFloat.Report(s, c))
        {
            return SseFloat.Raise(vcpu, op);
        }

        Put<TFormat, TForm>(s, op, result);
        return op + 1;
    }

    /// <summary>Writes lane 0; the rest of the lowest 128 bits stays the destination's own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TFormat, TForm>(CpuState* s, Op* op, ulong result)
        where TFormat : struct, IFpFormat
        where TForm : struct, IVectorForm
    {
        V* dst = VectorOperands.Dst(s, op);
        *dst = TFormat.Bytes == 8 ? dst->AsUInt64().WithElement(0, result).AsByte() : dst->AsUInt32().WithElement(0, (uint)result).AsByte();
        TForm.ClearAbove(dst);
    }

    private readonly struct PackedFused<TFormat> : IVectorHandler
        where TFormat : struct, IFpFormat
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 16 * TForm.Lanes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            if (!FusedLane.HostFuses || !SseFloat.IsSettled(s))
            {
                return SoftPacked<TFormat, TForm>(vcpu, s, op, source);
            }

            Arrange<TForm>(s, op, source, out byte* a, out byte* b, out byte* addend);
            V trusted = HostLane<TFormat>(op, *(V*)a, *(V*)b, *(V*)addend, out V low);
            V high = default;
            if (TForm.Lanes == 2)
            {
                trusted &= HostLane<TFormat>(op, ((V*)a)[1], ((V*)b)[1], ((V*)addend)[1], out high);
            }

            if (!Vector128.EqualsAll(trusted, V.AllBitsSet))
            {
                return SoftPacked<TFormat, TForm>(vcpu, s, op, source);
            }

            SseFloat.PutLanes<TForm>(s, op, Vector256.Create(low, high));
            return op + 1;
        }
    }

    private readonly struct ScalarFused<TFormat> : IVectorHandler
        where TFormat : struct, IFpFormat
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => TFormat.Bytes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            if (!FusedLane.HostFuses || !SseFloat.IsSettled(s))
            {
                return SoftScalar<TFormat, TForm>(vcpu, s, op, source);
            }

            Arrange<TForm>(s, op, source, out byte* a, out byte* b, out byte* addend);
            V trusted = HostLane<TFormat>(op, Only(a), Only(b), Only(addend), out V result);
            if (TFormat.Bytes == 8 ? trusted.AsInt64().ToScalar() == 0 : trusted.AsInt32().ToScalar() == 0)
            {
                return SoftScalar<TFormat, TForm>(vcpu, s, op, source);
            }

            Put<TFormat, TForm>(s, op, TFormat.Bytes == 8 ? result.AsUInt64().ToScalar() : result.AsUInt32().ToScalar());
            return op + 1;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Only(byte* from) => Vector128.CreateScalar(SseFloat.Lane<TFormat>(from, 0)).AsByte();
    }
}
