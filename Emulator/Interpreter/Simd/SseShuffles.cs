using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Shuffles by an immediate, and whole-register byte shifts.</summary>
/// <remarks>Source: [SDM2 "PSHUFD", "PSHUFLW", "PSHUFHW", "PSHUFW", "SHUFPS", "SHUFPD", "PSLLDQ", "PSRLDQ"].</remarks>
internal static unsafe class SseShuffles
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Pshufd, Emit<ShuffleDoublewords>, Mnemonic.Vpshufd),
        new(Mnemonic.Pshuflw, Emit<ShuffleLowWords>, Mnemonic.Vpshuflw),
        new(Mnemonic.Pshufhw, Emit<ShuffleHighWords>, Mnemonic.Vpshufhw),
        new(Mnemonic.Shufps, Emit<ShuffleSingles>, Mnemonic.Vshufps),
        new(Mnemonic.Shufpd, Emit<ShuffleDoubles>, Mnemonic.Vshufpd),
        new(Mnemonic.Pshufw, Emit<ShuffleLowWords, ShuffleLowWords>),
        new(Mnemonic.Pslldq, EmitOwn<BytesLeft>, Mnemonic.Vpslldq),
        new(Mnemonic.Psrldq, EmitOwn<BytesRight>, Mnemonic.Vpsrldq),
    ];

    /// <summary>What a shuffle computes.</summary>
    internal interface IShuffle
    {
        /// <summary>The new destination from its old value, the source and the immediate.</summary>
        static abstract Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, uint order);

        /// <summary>The upper lane's order; only where two immediate bits belong to each lane is it another one.</summary>
        static virtual uint OrderAbove(uint order) => order;
    }

    /// <summary>Emits an operation of two vectors and an immediate, under any form.</summary>
    public static bool Emit<TShuffle>(ref OpBuilder b)
        where TShuffle : struct, IShuffle => VectorEmitter.Emit<Ordered<TShuffle>>(ref b);

    /// <summary>Likewise, with an operation of its own for MMX registers.</summary>
    public static bool Emit<TXmm, TMmx>(ref OpBuilder b)
        where TXmm : struct, IShuffle
        where TMmx : struct, IShuffle
    {
        if (!VectorOperands.IsMmx(b, 0))
        {
            return Emit<TXmm>(ref b);
        }

        VectorOperands.Take(ref b);
        b.Op->Run = b.IsMemory(1) ? &MmxMemory<TMmx> : &MmxRegister<TMmx>;
        return true;
    }

    /// <summary>Emits an operation of one register and an immediate; its destination is its source unless VEX names another.</summary>
    public static bool EmitOwn<TShuffle>(ref OpBuilder b)
        where TShuffle : struct, IShuffle
    {
        VectorOperands.Take(ref b);
        b.Op->Src = b.Instruction.Encoding == EncodingKind.Legacy ? b.Op->Dst : b.Op->Src;
        VectorEmitter.SetRun<Ordered<TShuffle>>(ref b);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxRegister<TShuffle>(Vcpu vcpu, CpuState* s, Op* op)
        where TShuffle : struct, IShuffle => Mmx<TShuffle>(s, op, MmxMoves.Read(s, op->Src));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MmxMemory<TShuffle>(Vcpu vcpu, CpuState* s, Op* op)
        where TShuffle : struct, IShuffle
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 8);
        return from is null ? vcpu.Fault(op) : Mmx<TShuffle>(s, op, *(ulong*)from);
    }

    private static Op* Mmx<TShuffle>(CpuState* s, Op* op, ulong source)
        where TShuffle : struct, IShuffle
    {
        MmxMoves.Enter(s);
        Vector128<byte> a = Vector128.CreateScalar(MmxMoves.Read(s, op->Dst)).AsByte();
        Vector128<byte> b = Vector128.CreateScalar(source).AsByte();
        MmxMoves.Write(s, op->Dst, TShuffle.Apply(a, b, (uint)op->Immediate).AsUInt64().ToScalar());
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
        public static uint OrderAbove(uint order) => order >> 2;

        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, uint order)
        {
            ulong* first = (ulong*)&a;
            ulong* second = (ulong*)&b;
            return Vector128.Create(first[order & 1], second[(order >> 1) & 1]).AsByte();
        }
    }

    private readonly struct BytesLeft : IShuffle
    {
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, uint order)
        {
            UInt128 result = order > 15 ? 0 : *(UInt128*)&b << (8 * (int)order);
            return *(Vector128<byte>*)&result;
        }
    }

    private readonly struct BytesRight : IShuffle
    {
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, uint order)
        {
            UInt128 result = order > 15 ? 0 : *(UInt128*)&b >> (8 * (int)order);
            return *(Vector128<byte>*)&result;
        }
    }

    /// <summary>An operation with an immediate on each lane.</summary>
    internal readonly struct Ordered<TShuffle> : IVectorHandler
        where TShuffle : struct, IShuffle
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => 16 * TForm.Lanes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            uint order = (uint)op->Immediate;
            Vector128<byte>* dst = VectorOperands.Dst(s, op);
            Vector128<byte>* a = TForm.First(s, op);
            Vector128<byte>* b = (Vector128<byte>*)source;
            dst[0] = TShuffle.Apply(a[0], b[0], order);
            if (TForm.Lanes == 2)
            {
                dst[1] = TShuffle.Apply(a[1], b[1], TShuffle.OrderAbove(order));
            }

            TForm.ClearAbove(dst);
            return op + 1;
        }
    }
}
