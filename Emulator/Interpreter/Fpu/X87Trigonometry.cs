using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.SoftFloat;

namespace MmuEmu.Emulator.Interpreter.Fpu;

/// <summary>FSIN, FCOS, FSINCOS, FPTAN.</summary>
/// <remarks>
/// An argument of 2^63 or more in magnitude sets C2 and changes nothing else. Precision control has no say; rounding control has.
/// Source: [SDM2 "FSIN", "FCOS", "FSINCOS", "FPTAN"].
/// </remarks>
internal static unsafe class X87Trigonometry
{
    private const int TooLarge = 63;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Fsin, EmitSine),
        new(Mnemonic.Fcos, EmitCosine),
        new(Mnemonic.Fsincos, EmitBoth),
        new(Mnemonic.Fptan, EmitTangent),
    ];

    private static bool EmitSine(ref OpBuilder b)
    {
        b.Op->Run = &One<Sine>;
        return true;
    }

    private static bool EmitCosine(ref OpBuilder b)
    {
        b.Op->Run = &One<Cosine>;
        return true;
    }

    private static bool EmitBoth(ref OpBuilder b)
    {
        b.Op->Run = &Two<Sine, Cosine>;
        return true;
    }

    private static bool EmitTangent(ref OpBuilder b)
    {
        b.Op->Run = &Two<Tangent, Unity>;
        return true;
    }

    private static Op* One<T>(Vcpu vcpu, CpuState* s, Op* op)
        where T : struct, IAngleFunction
    {
        bool inOrder = X87Unary.TryBegin(vcpu, s, op, out Op* next);
        if (next is null)
        {
            return null;
        }

        s->FpuStatus &= unchecked((ushort)~X87.C2);
        if (!inOrder || !TryAngle(s, out FpNumber angle))
        {
            return next;
        }

        FpContext c = X87.Context(s);
        X87Unary.Finish(s, Apply<T>(angle, ref c), c);
        return next;
    }

    /// <summary>The first function into ST(0), then the second is pushed; C1 tells how the first was rounded.</summary>
    private static Op* Two<TFirst, TSecond>(Vcpu vcpu, CpuState* s, Op* op)
        where TFirst : struct, IAngleFunction
        where TSecond : struct, IAngleFunction
    {
        bool inOrder = X87Unary.TryBeginPush(vcpu, s, op, out Op* next);
        if (next is null)
        {
            return null;
        }

        s->FpuStatus &= unchecked((ushort)~X87.C2);
        if (!inOrder || !TryAngle(s, out FpNumber angle))
        {
            return next;
        }

        FpContext c = X87.Context(s);
        FpContext other = c;
        FpNumber first = Apply<TFirst>(angle, ref c);
        FpNumber second = Apply<TSecond>(angle, ref other);
        c.Flags |= other.Flags;
        if (X87.Report(s, c))
        {
            X87.Set(s, 0, first);
            s->FpuTop = (s->FpuTop - 1) & 7;
            X87.Set(s, 0, second);
        }

        return next;
    }

    /// <summary>ST(0), when it is not too large.</summary>
    private static bool TryAngle(CpuState* s, out FpNumber angle)
    {
        angle = X87.Get(s, 0);
        if (angle.Kind != FpKind.Finite || angle.Exponent < TooLarge)
        {
            return true;
        }

        s->FpuStatus = (ushort)((s->FpuStatus & ~X87.C1) | X87.C2);
        return false;
    }

    private static FpNumber Apply<T>(in FpNumber angle, ref FpContext c)
        where T : struct, IAngleFunction
    {
        if (X87.TryNan(angle, angle, ref c, out FpNumber nan))
        {
            return nan;
        }

        if (angle.Kind == FpKind.Infinity)
        {
            return FpArithmetic.Invalid(ref c);
        }

        FpArithmetic.NoteDenormal(angle, angle, ref c);
        return angle.Kind == FpKind.Zero ? T.OfZero(angle) : T.Of(angle, ref c);
    }

    private interface IAngleFunction
    {
        static abstract FpNumber OfZero(in FpNumber zero);

        static abstract FpNumber Of(in FpNumber angle, ref FpContext c);
    }

    private readonly struct Sine : IAngleFunction
    {
        public static FpNumber OfZero(in FpNumber zero) => zero;

        public static FpNumber Of(in FpNumber angle, ref FpContext c) =>
            FpRounder.Round(FpTrigonometry.Sine(angle), FpTarget.Extended, ref c);
    }

    private readonly struct Cosine : IAngleFunction
    {
        public static FpNumber OfZero(in FpNumber zero) => FpNumber.One;

        public static FpNumber Of(in FpNumber angle, ref FpContext c) =>
            FpRounder.Round(FpTrigonometry.Cosine(angle), FpTarget.Extended, ref c);
    }

    private readonly struct Tangent : IAngleFunction
    {
        public static FpNumber OfZero(in FpNumber zero) => zero;

        public static FpNumber Of(in FpNumber angle, ref FpContext c) =>
            FpRounder.Round(FpTrigonometry.Tangent(angle), FpTarget.Extended, ref c);
    }

    /// <summary>What FPTAN pushes behind the tangent, so that programs can go on as they did on the 8087.</summary>
    private readonly struct Unity : IAngleFunction
    {
        public static FpNumber OfZero(in FpNumber zero) => FpNumber.One;

        public static FpNumber Of(in FpNumber angle, ref FpContext c) => FpNumber.One;
    }
}
