using Iced.Intel;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Simd;

/// <summary>The plain two-operand instructions of SSE3 to SSE4.2, AES, PCLMULQDQ and GFNI, with and without an immediate, and their forms under VEX.</summary>
/// <remarks>Source: [SDM1 "Programming with SSE3, SSSE3, SSE4, AESNI, and PCLMULQDQ"], [SDM2 under each name].</remarks>
internal static class SseExtensions
{
    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Movshdup, SsePacked.Emit<DuplicateOdd>, Mnemonic.Vmovshdup),
        new(Mnemonic.Movsldup, SsePacked.Emit<DuplicateEven>, Mnemonic.Vmovsldup),
        new(Mnemonic.Phaddw, SsePacked.Emit<HorizontalAddWords, MmxPack<HorizontalAddWords>>, Mnemonic.Vphaddw),
        new(Mnemonic.Phaddd, SsePacked.Emit<HorizontalAddDoublewords, MmxPack<HorizontalAddDoublewords>>, Mnemonic.Vphaddd),
        new(Mnemonic.Phaddsw, SsePacked.Emit<HorizontalAddSaturated, MmxPack<HorizontalAddSaturated>>, Mnemonic.Vphaddsw),
        new(Mnemonic.Phsubw, SsePacked.Emit<HorizontalSubWords, MmxPack<HorizontalSubWords>>, Mnemonic.Vphsubw),
        new(Mnemonic.Phsubd, SsePacked.Emit<HorizontalSubDoublewords, MmxPack<HorizontalSubDoublewords>>, Mnemonic.Vphsubd),
        new(Mnemonic.Phsubsw, SsePacked.Emit<HorizontalSubSaturated, MmxPack<HorizontalSubSaturated>>, Mnemonic.Vphsubsw),
        new(Mnemonic.Psignb, SsePacked.Emit<SignLanes<sbyte>>, Mnemonic.Vpsignb),
        new(Mnemonic.Psignw, SsePacked.Emit<SignLanes<short>>, Mnemonic.Vpsignw),
        new(Mnemonic.Psignd, SsePacked.Emit<SignLanes<int>>, Mnemonic.Vpsignd),
        new(Mnemonic.Pabsb, SsePacked.Emit<AbsoluteLanes<sbyte>>, Mnemonic.Vpabsb),
        new(Mnemonic.Pabsw, SsePacked.Emit<AbsoluteLanes<short>>, Mnemonic.Vpabsw),
        new(Mnemonic.Pabsd, SsePacked.Emit<AbsoluteLanes<int>>, Mnemonic.Vpabsd),
        new(Mnemonic.Pshufb, SsePacked.Emit<ShuffleBytes, ShuffleBytesMmx>, Mnemonic.Vpshufb),
        new(Mnemonic.Pmulhrsw, SsePacked.Emit<MultiplyHighRounded>, Mnemonic.Vpmulhrsw),
        new(Mnemonic.Pmaddubsw, SsePacked.Emit<MultiplyAddBytes>, Mnemonic.Vpmaddubsw),
        new(Mnemonic.Pmulld, SsePacked.Emit<MultiplyLowDoublewords>, Mnemonic.Vpmulld),
        new(Mnemonic.Pmuldq, SsePacked.Emit<MultiplySignedDoublewords>, Mnemonic.Vpmuldq),
        new(Mnemonic.Pminsb, SsePacked.Emit<MinLanes<sbyte>>, Mnemonic.Vpminsb),
        new(Mnemonic.Pminuw, SsePacked.Emit<MinLanes<ushort>>, Mnemonic.Vpminuw),
        new(Mnemonic.Pminsd, SsePacked.Emit<MinLanes<int>>, Mnemonic.Vpminsd),
        new(Mnemonic.Pminud, SsePacked.Emit<MinLanes<uint>>, Mnemonic.Vpminud),
        new(Mnemonic.Pmaxsb, SsePacked.Emit<MaxLanes<sbyte>>, Mnemonic.Vpmaxsb),
        new(Mnemonic.Pmaxuw, SsePacked.Emit<MaxLanes<ushort>>, Mnemonic.Vpmaxuw),
        new(Mnemonic.Pmaxsd, SsePacked.Emit<MaxLanes<int>>, Mnemonic.Vpmaxsd),
        new(Mnemonic.Pmaxud, SsePacked.Emit<MaxLanes<uint>>, Mnemonic.Vpmaxud),
        new(Mnemonic.Pcmpeqq, SsePacked.Emit<EqualLanes<ulong>>, Mnemonic.Vpcmpeqq),
        new(Mnemonic.Pcmpgtq, SsePacked.Emit<GreaterLanes<long>>, Mnemonic.Vpcmpgtq),
        new(Mnemonic.Packusdw, SsePacked.Emit<PackUnsignedDoublewords>, Mnemonic.Vpackusdw),
        new(Mnemonic.Phminposuw, SsePacked.Emit<LeastWord>, Mnemonic.Vphminposuw),
        new(Mnemonic.Mpsadbw, SseShuffles.Emit<SlidingDifferences>, Mnemonic.Vmpsadbw),
        new(Mnemonic.Blendps, SseShuffles.Emit<BlendDoublewords>, Mnemonic.Vblendps),
        new(Mnemonic.Blendpd, SseShuffles.Emit<BlendQuadwords>, Mnemonic.Vblendpd),
        new(Mnemonic.Pblendw, SseShuffles.Emit<BlendWords>, Mnemonic.Vpblendw),
        new(Mnemonic.Palignr, SseShuffles.Emit<AlignRight, AlignRightMmx>, Mnemonic.Vpalignr),
        new(Mnemonic.Pclmulqdq, SseShuffles.Emit<CarrylessMultiply>, Mnemonic.Vpclmulqdq),
        new(Mnemonic.Aesenc, SsePacked.Emit<AesEncrypt>, Mnemonic.Vaesenc),
        new(Mnemonic.Aesenclast, SsePacked.Emit<AesEncryptLast>, Mnemonic.Vaesenclast),
        new(Mnemonic.Aesdec, SsePacked.Emit<AesDecrypt>, Mnemonic.Vaesdec),
        new(Mnemonic.Aesdeclast, SsePacked.Emit<AesDecryptLast>, Mnemonic.Vaesdeclast),
        new(Mnemonic.Aesimc, SsePacked.Emit<AesInverseMix>, Mnemonic.Vaesimc),
        new(Mnemonic.Aeskeygenassist, SseShuffles.Emit<AesKeyAssist>, Mnemonic.Vaeskeygenassist),
        new(Mnemonic.Gf2p8mulb, SsePacked.Emit<GaloisMultiply>, Mnemonic.Vgf2p8mulb),
        new(Mnemonic.Gf2p8affineqb, SseShuffles.Emit<GaloisAffine>, Mnemonic.Vgf2p8affineqb),
        new(Mnemonic.Gf2p8affineinvqb, SseShuffles.Emit<GaloisAffineInverse>, Mnemonic.Vgf2p8affineinvqb),
    ];
}
