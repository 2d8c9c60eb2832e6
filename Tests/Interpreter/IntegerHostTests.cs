using Iced.Intel;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Every integer instruction against the processor that the tests run on.</summary>
public sealed class IntegerHostTests
{
    private const int CasesPerCode = 128;

    [Fact]
    public void Integer_instructions_leave_what_the_host_processor_leaves()
    {
        Assert.SkipUnless(HostCpu.Present, "the host is not an x86-64 Linux");
        using IntegerComparison comparison = new(seed: 20141);
        List<string> differences = [];
        foreach (Code code in IntegerForms.Codes)
        {
            if (comparison.FirstDifference(code, CasesPerCode) is { } difference)
            {
                differences.Add(difference);
            }
        }

        differences.ShouldBeEmpty();
        comparison.Cases.ShouldBeGreaterThan(50_000);
    }
}
