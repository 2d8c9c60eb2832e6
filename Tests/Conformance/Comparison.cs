using System.Text;
using System.Text.RegularExpressions;
using MmuEmu.Emulator.Models;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Conformance;

/// <summary>A program run natively and here, and the two outcomes side by side.</summary>
internal static class Comparison
{
    private const ulong MostInstructions = 60_000_000_000;
    private static readonly Regex Address = new("0x[0-9a-f]{6,}", RegexOptions.IgnoreCase);

    /// <summary>Runs it here, on a processor of <paramref name="model"/>.</summary>
    public static HostRun Here(string program, CpuModel model, params string[] arguments)
    {
        KernelOptions options = GuestRun.Options(program) with
        {
            Arguments = [program, .. arguments],
            Cpu = model,
            Trace = null,
            MaxInstructions = MostInstructions,
        };
        GuestRun run = GuestRun.Of(options);
        return new HostRun(run.Result.ExitCode, Encoding.Latin1.GetString(run.Output.Written), run.Result.Message ?? "");
    }

    /// <summary>Fails when the two outcomes differ in what <paramref name="judge"/> looks at.</summary>
    public static void ShouldBe(this HostRun here, HostRun native, Judge judge)
    {
        here.ExitCode.ShouldBe(native.ExitCode, here.Errors);
        if (judge != Judge.Status)
        {
            FirstDifference(Seen(here.Output, judge), Seen(native.Output, judge)).ShouldBeNull();
        }
    }

    /// <summary>The first line in which two outputs differ; null when there is none.</summary>
    public static string? FirstDifference(string here, string expected)
    {
        if (here == expected)
        {
            return null;
        }

        string[] mine = here.Split('\n');
        string[] theirs = expected.Split('\n');
        int at = Enumerable.Range(0, Math.Max(mine.Length, theirs.Length)).First(i => LineAt(mine, i) != LineAt(theirs, i));
        return $"line {at + 1}: expected '{LineAt(theirs, at)}', found '{LineAt(mine, at)}'";
    }

    private static string? LineAt(string[] lines, int at) => at < lines.Length ? lines[at] : null;

    private static string Seen(string output, Judge judge) => judge switch
    {
        Judge.Addresses => Address.Replace(output, "ADDRESS"),
        Judge.Lines => string.Join('\n', output.Split('\n').Order(StringComparer.Ordinal)),
        Judge.Golden or Judge.Native or Judge.Status or Judge.Amd or Judge.Except => output,
    };
}
