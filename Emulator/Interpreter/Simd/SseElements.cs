using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Single elements between XMM registers and general registers or memory.</summary>
/// <remarks>
/// An extracted element is zero-extended into its register. Source: [SDM2 "PINSRB/PINSRD/PINSRQ", "PEXTRB/PEXTRD/PEXTRQ",
/// "PEXTRW", "EXTRACTPS", "INSERTPS"].
/// </remarks>
internal static unsafe class SseElements
{
    private const ulong DestinationBits = 0x3F;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Pinsrb, EmitInsert<W8>, Mnemonic.Vpinsrb),
        new(Mnemonic.Pinsrd, EmitInsert<W32>, Mnemonic.Vpinsrd),
        new(Mnemonic.Pinsrq, EmitInsert<W64>, Mnemonic.Vpinsrq),
        new(Mnemonic.Pextrb, EmitExtract<W8>, Mnemonic.Vpextrb),
        new(Mnemonic.Pextrw, EmitExtract<W16>, Mnemonic.Vpextrw),
        new(Mnemonic.Pextrd, EmitExtract<W32>, Mnemonic.Vpextrd),
        new(Mnemonic.Pextrq, EmitExtract<W64>, Mnemonic.Vpextrq),
        new(Mnemonic.Extractps, EmitExtract<W32>, Mnemonic.Vextractps),
        new(Mnemonic.Insertps, EmitInsertSingle, Mnemonic.Vinsertps),
    ];

    private static bool EmitInsert<TWidth>(ref OpBuilder b)
        where TWidth : struct, IWidth
    {
        VectorOperands.Take(ref b);
        b.Op->Immediate = (b.Op->Immediate * (ulong)TWidth.Bytes) & 15;
        VectorEmitter.SetRun<Insert<TWidth>>(ref b);
        return true;
    }

    private static bool EmitExtract<TWidth>(ref OpBuilder b)
        where TWidth : struct, IWidth
    {
        VectorOperands.Take(ref b);
        b.Op->Immediate = (b.Op->Immediate * (ulong)TWidth.Bytes) & 15;
        b.Op->Run = b.IsMemory(0) ? &ExtractMemory<TWidth> : &ExtractRegister<TWidth>;
        return true;
    }

    private static bool EmitInsertSingle(ref OpBuilder b)
    {
        if (!VectorOperands.HasMemory(b))
        {
            return SseShuffles.Emit<InsertSingle>(ref b);
        }

        VectorOperands.Take(ref b);
        b.Op->Immediate &= DestinationBits;
        VectorEmitter.SetRun<InsertSingleFromMemory>(ref b);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ExtractRegister<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        *(ulong*)Operands.Dst(s, op) = TWidth.Read((byte*)VectorOperands.Src(s, op) + op->Immediate);
        return op + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ExtractMemory<TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TWidth : struct, IWidth
    {
        byte* to = vcpu.OpenStore(s, Operands.Address(s, op), TWidth.Bytes);
        if (to is null)
        {
            return vcpu.Fault(op);
        }

        TWidth.Write(to, TWidth.Read((byte*)VectorOperands.Src(s, op) + op->Immediate));
        vcpu.Commit(s);
        return op + 1;
    }

    private readonly struct Insert<TWidth> : IVectorHandler
        where TWidth : struct, IWidth
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => TWidth.Bytes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            Vector128<byte>* dst = VectorOperands.Dst(s, op);
            Vector128<byte> place = Vector128.Create((byte)op->Immediate);
            Vector128<byte> inside = Vector128.LessThan(Vector128<byte>.Indices - place, Vector128.Create((byte)TWidth.Bytes));
            *dst = Vector128.ConditionalSelect(inside, Repeated(TWidth.Read(source)), *TForm.First(s, op));
            TForm.ClearAbove(dst);
            return op + 1;
        }

        /// <summary>The value in every place; a narrow store into a vector would make the next load wait.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<byte> Repeated(ulong value) => TWidth.Bytes switch
        {
            1 => Vector128.Create((byte)value),
            4 => Vector128.Create((uint)value).AsByte(),
            _ => Vector128.Create(value).AsByte(),
        };
    }

    private readonly struct InsertSingleFromMemory : IVectorHandler
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => sizeof(uint);

        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            Vector128<byte>* dst = VectorOperands.Dst(s, op);
            Vector128<byte> single = Vector128.CreateScalar(*(uint*)source).AsByte();
            *dst = InsertSingle.Apply(*TForm.First(s, op), single, (uint)op->Immediate);
            TForm.ClearAbove(dst);
            return op + 1;
        }
    }
}
