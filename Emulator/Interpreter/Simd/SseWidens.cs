using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>Instructions that read only a half, a quarter or an eighth of their source, which needs no alignment in memory.</summary>
/// <remarks>
/// With two lanes the second is made of the bytes that follow those of the first; only VMOVDDUP has a whole vector there.
/// Source: [SDM2 "PMOVSX", "PMOVZX", "MOVDDUP"].
/// </remarks>
internal static unsafe class SseWidens
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Movddup, EmitDuplicate, Mnemonic.Vmovddup),
        new(Mnemonic.Pmovsxbw, VectorEmitter.Emit<Widen<SignBytesToWords>>, Mnemonic.Vpmovsxbw),
        new(Mnemonic.Pmovsxbd, VectorEmitter.Emit<Widen<SignBytesToDoublewords>>, Mnemonic.Vpmovsxbd),
        new(Mnemonic.Pmovsxbq, VectorEmitter.Emit<Widen<SignBytesToQuadwords>>, Mnemonic.Vpmovsxbq),
        new(Mnemonic.Pmovsxwd, VectorEmitter.Emit<Widen<SignWordsToDoublewords>>, Mnemonic.Vpmovsxwd),
        new(Mnemonic.Pmovsxwq, VectorEmitter.Emit<Widen<SignWordsToQuadwords>>, Mnemonic.Vpmovsxwq),
        new(Mnemonic.Pmovsxdq, VectorEmitter.Emit<Widen<SignDoublewordsToQuadwords>>, Mnemonic.Vpmovsxdq),
        new(Mnemonic.Pmovzxbw, VectorEmitter.Emit<Widen<ZeroBytesToWords>>, Mnemonic.Vpmovzxbw),
        new(Mnemonic.Pmovzxbd, VectorEmitter.Emit<Widen<ZeroBytesToDoublewords>>, Mnemonic.Vpmovzxbd),
        new(Mnemonic.Pmovzxbq, VectorEmitter.Emit<Widen<ZeroBytesToQuadwords>>, Mnemonic.Vpmovzxbq),
        new(Mnemonic.Pmovzxwd, VectorEmitter.Emit<Widen<ZeroWordsToDoublewords>>, Mnemonic.Vpmovzxwd),
        new(Mnemonic.Pmovzxwq, VectorEmitter.Emit<Widen<ZeroWordsToQuadwords>>, Mnemonic.Vpmovzxwq),
        new(Mnemonic.Pmovzxdq, VectorEmitter.Emit<Widen<ZeroDoublewordsToQuadwords>>, Mnemonic.Vpmovzxdq),
    ];

    private static bool EmitDuplicate(ref OpBuilder b) =>
        VectorEmitter.IsWide(b) ? SsePacked.Emit<DuplicateLow>(ref b) : VectorEmitter.Emit<Widen<WidenLow>>(ref b);

    private readonly struct Widen<TOp> : IVectorHandler
        where TOp : struct, IWidenOp
    {
        public static int SourceBytes<TForm>()
            where TForm : struct, IVectorForm => TOp.Bytes * TForm.Lanes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Op* Run<TForm>(Vcpu vcpu, CpuState* s, Op* op, byte* source)
            where TForm : struct, IVectorForm
        {
            Vector128<byte>* dst = VectorOperands.Dst(s, op);
            Vector128<byte> low = TOp.Apply(Part(source));
            if (TForm.Lanes == 2)
            {
                dst[1] = TOp.Apply(Part(source + TOp.Bytes));
            }

            dst[0] = low;
            TForm.ClearAbove(dst);
            return op + 1;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<byte> Part(byte* from)
        {
            ulong bits = TOp.Bytes == 8 ? *(ulong*)from : TOp.Bytes == 4 ? *(uint*)from : *(ushort*)from;
            return Vector128.CreateScalarUnsafe(bits).AsByte();
        }
    }
}
