using Iced.Intel;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Every SSE, SSE2 and MMX instruction against the processor of the host, bit for bit.</summary>
public sealed class SseOracleTests
{
    private const int Seed = 20_261_121;
    private const int CasesPerForm = 160;

    /// <summary>What is not compared, and why.</summary>
    private static readonly Dictionary<Mnemonic, string> Excluded = new()
    {
        [Mnemonic.Rcpps] = "approximation: every processor model has its own table (ReciprocalTests)",
        [Mnemonic.Rcpss] = "approximation",
        [Mnemonic.Rsqrtps] = "approximation",
        [Mnemonic.Rsqrtss] = "approximation",
        [Mnemonic.Vrcpps] = "approximation",
        [Mnemonic.Vrcpss] = "approximation",
        [Mnemonic.Vrsqrtps] = "approximation",
        [Mnemonic.Vrsqrtss] = "approximation",
        [Mnemonic.Ldmxcsr] = "a random operand is #GP; has a test of its own",
        [Mnemonic.Vldmxcsr] = "a random operand is #GP",
    };

    [Theory]
    [InlineData(CpuidFeature.SSE)]
    [InlineData(CpuidFeature.SSE2)]
    [InlineData(CpuidFeature.MMX)]
    [InlineData(CpuidFeature.AVX)]
    [InlineData(CpuidFeature.AVX2)]
    public void Every_instruction_leaves_the_same_bits_as_on_the_host(CpuidFeature feature)
    {
        Assert.SkipUnless(HostCpu.Present, "the oracle is an x86-64 Linux host");
        using HostComparison comparison = new(Seed);
        List<string> found = [];

        foreach (Code code in InstructionForms.CodesOf(feature).Where(IsCompared))
        {
            found.AddRange(comparison.Differences(code, CasesPerForm));
        }

        found.Count.ShouldBe(0, string.Join("\n", found));
        comparison.Cases.ShouldBeGreaterThan(15_000);
    }

    /// <summary>What needs a second feature beside SSE, MMX or AVX is the concern of that feature's test.</summary>
    private static bool IsCompared(Code code) =>
        !Excluded.ContainsKey(code.Mnemonic()) && code.CpuidFeatures().Length == 1 && !InstructionForms.IsGather(code);
}
