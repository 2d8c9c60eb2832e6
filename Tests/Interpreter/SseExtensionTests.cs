using Iced.Intel;
using MmuEmu.Emulator.Interpreter.Ops;
using MmuEmu.Emulator.Interpreter.Simd;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Interpreter;

/// <summary>SSE3 to SSE4.2, AES, PCLMULQDQ and SHA in their legacy forms against the processor of the host, bit for bit.</summary>
public sealed class SseExtensionTests
{
    private const int Seed = 20_261_122;
    private const int CasesPerForm = 160;

    private static readonly HashSet<Mnemonic> VexMnemonics =
    [
        .. ((EmitterRow[][])[SseExtensions.Rows, SseHashes.Rows, SseSelects.Rows, SseWidens.Rows, SseElements.Rows, SseTests.Rows, SseStrings.Rows,
            SseHorizontal.Rows, SseRound.Rows, SseDotProduct.Rows])
            .SelectMany(rows => rows).Select(row => row.Vex),
    ];

    [Theory]
    [InlineData(CpuidFeature.SSE3, 2_000)]
    [InlineData(CpuidFeature.SSSE3, 8_000)]
    [InlineData(CpuidFeature.SSE4_1, 12_000)]
    [InlineData(CpuidFeature.SSE4_2, 2_000)]
    [InlineData(CpuidFeature.AES, 1_500)]
    [InlineData(CpuidFeature.PCLMULQDQ, 300)]
    [InlineData(CpuidFeature.SHA, 2_000)]
    [InlineData(CpuidFeature.GFNI, 900)]
    public void Every_instruction_leaves_the_same_bits_as_on_the_host(CpuidFeature feature, int least)
    {
        Assert.SkipUnless(HostCpu.Present, "the oracle is an x86-64 Linux host");
        using HostComparison comparison = new(Seed);
        List<string> found = [];

        foreach (Code code in InstructionForms.CodesOf(feature).Where(code => IsLegacy(code) && NamesVectors(code)))
        {
            found.AddRange(comparison.Differences(code, CasesPerForm));
        }

        found.Count.ShouldBe(0, string.Join("\n", found));
        comparison.Cases.ShouldBeGreaterThan(least);
    }

    [Theory]
    [InlineData(CpuidFeature.AVX, 16_000)]
    [InlineData(CpuidFeature.AVX2, 10_000)]
    [InlineData(CpuidFeature.VAES, 1_000)]
    [InlineData(CpuidFeature.VPCLMULQDQ, 250)]
    [InlineData(CpuidFeature.GFNI, 1_800)]
    public void Every_form_under_VEX_leaves_the_same_bits_as_on_the_host(CpuidFeature feature, int least)
    {
        Assert.SkipUnless(HostCpu.Present, "the oracle is an x86-64 Linux host");
        using HostComparison comparison = new(Seed);
        List<string> found = [];

        foreach (Code code in InstructionForms.CodesOf(feature).Where(code => !IsLegacy(code) && VexMnemonics.Contains(code.Mnemonic())))
        {
            found.AddRange(comparison.Differences(code, CasesPerForm));
        }

        found.Count.ShouldBe(0, string.Join("\n", found));
        comparison.Cases.ShouldBeGreaterThan(least);
    }

    [Fact]
    public void Strings_of_few_letters_compare_as_on_the_host_for_every_immediate()
    {
        Assert.SkipUnless(HostCpu.Present, "the oracle is an x86-64 Linux host");
        using HostComparison comparison = new(Seed) { Shape = FillWithFewLetters };
        List<string> found = [];

        foreach (Code code in InstructionForms.CodesOf(CpuidFeature.SSE4_2).Where(IsStringComparison))
        {
            found.AddRange(comparison.Differences(code, 16 * 250));
        }

        found.Count.ShouldBe(0, string.Join("\n", found));
        comparison.Cases.ShouldBeGreaterThan(40_000);
    }

    private static bool IsLegacy(Code code) => code.ToOpCode().Encoding == EncodingKind.Legacy;

    /// <summary>FISTTP, CRC32 and MONITOR belong to these features too.</summary>
    private static bool NamesVectors(Code code)
    {
        OpCodeInfo info = code.ToOpCode();
        return Enumerable.Range(0, info.OpCount).Any(i => info.GetOpKind(i) is OpCodeOperandKind.xmm_reg or OpCodeOperandKind.xmm_or_mem
            or OpCodeOperandKind.xmm_rm or OpCodeOperandKind.mm_reg or OpCodeOperandKind.mm_or_mem);
    }

    private static bool IsStringComparison(Code code) => code.ToString().StartsWith("Pcmp", StringComparison.Ordinal) && code.ToOpCode().OpCount == 3;

    private static void FillWithFewLetters(byte[] fx, Random random)
    {
        byte[] letters = [0, 1, 2, 0x7F, 0x80, 0xFF];
        int least = random.Next(3) == 0 ? 0 : 1;
        for (int i = 160; i < 416; i++)
        {
            fx[i] = letters[random.Next(random.Next(8) == 0 ? 0 : least, letters.Length)];
        }
    }
}
