using Iced.Intel;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>The SHA instructions.</summary>
/// <remarks>
/// Their memory operand needs no alignment on the processors of AMD, which is the rule here; Intel's manual asks for it.
/// Source: [SDM2 "SHA1RNDS4", "SHA256RNDS2" and kin].
/// </remarks>
internal static class SseHashes
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Sha1rnds4, Emit<SseShuffles.Ordered<Sha1Rounds>>),
        new(Mnemonic.Sha1nexte, Emit<SsePacked.Binary<Sha1NextE>>),
        new(Mnemonic.Sha1msg1, Emit<SsePacked.Binary<Sha1Message1>>),
        new(Mnemonic.Sha1msg2, Emit<SsePacked.Binary<Sha1Message2>>),
        new(Mnemonic.Sha256rnds2, Emit<SseSelects.Select<Sha256Rounds>>),
        new(Mnemonic.Sha256msg1, Emit<SsePacked.Binary<Sha256Message1>>),
        new(Mnemonic.Sha256msg2, Emit<SsePacked.Binary<Sha256Message2>>),
    ];

    private static bool Emit<THandler>(ref OpBuilder b)
        where THandler : struct, IVectorHandler
    {
        VectorOperands.Take(ref b);
        VectorEmitter.SetRun<THandler>(ref b, VectorPlacement.Anywhere);
        return true;
    }
}
