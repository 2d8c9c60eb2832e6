using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Fuzz;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Conformance;

/// <summary>Valgrind's programs for its instruction decoder, against the outputs that real processors give.</summary>
public sealed class ValgrindProgramTests
{
    private const string List = "valgrind.txt";
    private const string Long = "fb_test_amd64";

    public static TheoryData<string> Programs => [.. ProgramRow.Names(List).Select(row => row.Data).Where(name => name != Long)];

    [Theory]
    [MemberData(nameof(Programs))]
    public Task It_gives_the_output_of_real_hardware(string name) => Check(name);

    private static async Task Check(string name)
    {
        ProgramRow row = ProgramRow.Of(List, name);
        string program = ThirdParty.Program("valgrind", name);

        HostRun here = Comparison.Here(program, row.Judge == Judge.Golden ? CpuModels.Max : HostProcessor.Like(CpuModels.Max));

        switch (row.Judge)
        {
            case Judge.Golden:
                string[] expected = [.. ThirdParty.Expected(name).DefaultIfEmpty("")];
                expected.Any(text => Filtered(text) == Filtered(here.Output))
                    .ShouldBeTrue($"{Comparison.FirstDifference(Filtered(here.Output), Filtered(expected[0]))}; {here.Errors}");
                break;
            case Judge.Except:
                break;
            case Judge.Amd when HostProcessor.Vendor == CpuVendor.Intel:
                here.ExitCode.ShouldBe(128 + 4, here.Errors);
                break;
            default:
                here.ShouldBe(await HostProcess.Run(program), row.Judge);
                break;
        }
    }

    /// <summary>As valgrind's own filter: libraries differ in how they print infinities and what is no number.</summary>
    private static string Filtered(string text) =>
        text.Replace("-Infinity", "     -inf").Replace("Infinity", "     inf").Replace("Inf", "inf").Replace("NaN", "nan");

    /// <summary>Forty thousand million instructions: two minutes, apart from the others so that it runs beside them.</summary>
    public sealed class LongOne
    {
        [Fact]
        public Task The_test_of_all_arithmetic_gives_the_output_of_real_hardware()
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "takes minutes: run with CI=true");
            return Check(Long);
        }
    }
}
