using Iced.Intel;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Interpreter;

/// <summary>FMA and half precision against the processor of the host, bit for bit.</summary>
public sealed class FusedMultiplyTests
{
    private const int Seed = 20_261_123;

    [Theory]
    [InlineData(CpuidFeature.FMA, 160, 25_000)]
    [InlineData(CpuidFeature.F16C, 2_000, 15_000)]
    public void Every_instruction_leaves_the_same_bits_as_on_the_host(CpuidFeature feature, int casesPerForm, int least)
    {
        Assert.SkipUnless(HostCpu.Present, "the oracle is an x86-64 Linux host");
        using HostComparison comparison = new(Seed);
        List<string> found = [];

        foreach (Code code in InstructionForms.CodesOf(feature))
        {
            found.AddRange(comparison.Differences(code, casesPerForm));
        }

        found.Count.ShouldBe(0, string.Join("\n", found));
        comparison.Cases.ShouldBeGreaterThan(least);
    }
}
