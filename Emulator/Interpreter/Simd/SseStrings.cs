using System.Numerics;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>The string comparisons of SSE4.2; their memory operand needs no alignment.</summary>
/// <remarks>
/// CF: some bit of the result is set. ZF, SF: the second, the first string ends within its vector. OF: bit 0 of the result.
/// Source: [SDM2 "PCMPESTRI", "PCMPESTRM", "PCMPISTRI", "PCMPISTRM"].
/// </remarks>
internal static unsafe class SseStrings
{
    private const int IndexRegister = 1;
    private const uint LastOrWholeBit = 64;
    private const uint WordsBit = 1;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Pcmpestri, Emit<LengthsIn32, ToIndex>, Mnemonic.Vpcmpestri),
        new(Mnemonic.Pcmpestri64, Emit<LengthsIn64, ToIndex>, Mnemonic.Vpcmpestri64),
        new(Mnemonic.Pcmpestrm, Emit<LengthsIn32, ToMask>, Mnemonic.Vpcmpestrm),
        new(Mnemonic.Pcmpestrm64, Emit<LengthsIn64, ToMask>, Mnemonic.Vpcmpestrm64),
        new(Mnemonic.Pcmpistri, Emit<LengthsByZero, ToIndex>, Mnemonic.Vpcmpistri),
        new(Mnemonic.Pcmpistrm, Emit<LengthsByZero, ToMask>, Mnemonic.Vpcmpistrm),
    ];

    /// <summary>Where the lengths of the strings come from.</summary>
    internal interface ILengths
    {
        /// <summary>Valid elements of the first string.</summary>
        static abstract int First(CpuState* s, V text, uint control);

        /// <summary>Valid elements of the second string.</summary>
        static abstract int Second(CpuState* s, V text, uint control);
    }

    /// <summary>Where the result goes.</summary>
    internal interface IResult
    {
        /// <summary>Writes ECX or XMM0.</summary>
        static abstract void Store<TForm>(CpuState* s, uint result, uint control)
            where TForm : struct, IVectorForm;
    }

    private static bool Emit<TLengths, TResult>(ref OpBuilder b)
        where TLengths : struct, ILengths
        where TResult : struct, IResult
    {
        VectorOperands.Take(ref b);
        VectorEmitter.SetRun<Compare<TLengths, TResult>>(ref b, VectorPlacement.Anywhere);
        return true;
    }

    private readonly struct Compare<TLengths, TResult> : IVectorHandler
        where TLengths : struct, ILengths
        where TResult : struct, IResult
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => sizeof(V);

        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            uint control = (uint)op->Immediate;
            V a = *VectorOperands.Dst(s, op);
            V b = Vector128.Load(source);
            int first = TLengths.First(s, a, control);
            int second = TLengths.Second(s, b, control);
            uint result = StringCompare.Apply(a, first, b, second, control);
            int elements = StringCompare.ElementsOf(control);
            TResult.Store<TForm>(s, result, control);
            ulong flags = (result != 0 ? Rflags.CF : 0) | (second < elements ? Rflags.ZF : 0)
                | (first < elements ? Rflags.SF : 0) | ((result & 1) != 0 ? Rflags.OF : 0);
            Rflags.WriteArithmetic(s, flags);
            return op + 1;
        }
    }

    private readonly struct LengthsByZero : ILengths
    {
        public static int First(CpuState* s, V text, uint control) => StringCompare.ImplicitLength(text, control);

        public static int Second(CpuState* s, V text, uint control) => StringCompare.ImplicitLength(text, control);
    }

    private readonly struct LengthsIn32 : ILengths
    {
        public static int First(CpuState* s, V text, uint control) => StringCompare.ExplicitLength((int)s->Slots[Gpr.Rax], control);

        public static int Second(CpuState* s, V text, uint control) => StringCompare.ExplicitLength((int)s->Slots[Gpr.Rdx], control);
    }

    private readonly struct LengthsIn64 : ILengths
    {
        public static int First(CpuState* s, V text, uint control) => StringCompare.ExplicitLength((long)s->Slots[Gpr.Rax], control);

        public static int Second(CpuState* s, V text, uint control) => StringCompare.ExplicitLength((long)s->Slots[Gpr.Rdx], control);
    }

    private readonly struct ToIndex : IResult
    {
        public static void Store<TForm>(CpuState* s, uint result, uint control)
            where TForm : struct, IVectorForm
        {
            int index = (control & LastOrWholeBit) != 0 ? BitOperations.Log2(result) : BitOperations.TrailingZeroCount(result);
            s->Slots[IndexRegister] = (ulong)(result == 0 ? StringCompare.ElementsOf(control) : index);
        }
    }

    private readonly struct ToMask : IResult
    {
        public static void Store<TForm>(CpuState* s, uint result, uint control)
            where TForm : struct, IVectorForm
        {
            V mask = (control & LastOrWholeBit) == 0 ? Vector128.CreateScalar(result).AsByte()
                : (control & WordsBit) != 0 ? Words(result)
                : Bytes(result);
            V* dst = (V*)Operands.Vector(s, 0);
            *dst = mask;
            TForm.ClearAbove(dst);
        }

        private static V Words(uint result)
        {
            Vector128<ushort> bits = Vector128.Create((ushort)1, 2, 4, 8, 16, 32, 64, 128);
            return Vector128.Equals(Vector128.Create((ushort)result) & bits, bits).AsByte();
        }

        private static V Bytes(uint result)
        {
            V bits = Vector128.Create(0x8040_2010_0804_0201).AsByte();
            V spread = Vector128.Create(Vector64.Create((byte)result), Vector64.Create((byte)(result >> 8)));
            return Vector128.Equals(spread & bits, bits);
        }
    }
}
