using System.Globalization;
using MmuEmu.Perf.Measure;

namespace MmuEmu.Perf.Report;

/// <summary>Prints whole programs as they come: milliseconds of processor time, and how they compare.</summary>
internal sealed class WholeProgramReport(TextWriter output)
{
    private int _missed;

    public void Begin()
    {
        string native = Command.Native ?? Command.HowToPublish;
        output.WriteLine($"{System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors, {Qemu.Describe()}");
        output.WriteLine($"native program: {native}");
        output.WriteLine();
        output.WriteLine("milliseconds of processor time, medians");
        Write("program", "Linux", "mmuemu", "x Linux", "us each", "managed", "/managed", "qemu", "x qemu", "target");
        output.WriteLine(new string('-', 118));
    }

    public void Add(string name, SideBySide times, double? microseconds = null, string verdict = "")
    {
        Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-20} {Ms(times.Linux),9} {Ms(times.Native),9} {Ratio(times.Native / times.Linux),8} {Ratio(microseconds),8} {Ms(times.Managed),9} {Ratio(times.Native / times.Managed),9} {Ms(times.Qemu),9} {Ratio(times.Native / times.Qemu),8}  {verdict}"));
    }

    public void Say(string line)
    {
        _missed += line.EndsWith("MISSED", StringComparison.Ordinal) ? 1 : 0;
        output.WriteLine(line.TrimEnd());
        output.Flush();
    }

    /// <returns>0, whatever was missed: host time is looked at, not gated.</returns>
    public int End()
    {
        output.WriteLine();
        output.WriteLine(_missed == 0 ? "every target that was measured is met" : $"targets missed: {_missed}");
        return 0;
    }

    private static string Ms(double? seconds) => seconds is { } some ? (some * 1000).ToString(some < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) : "-";

    private static string Ratio(double? value) => value is { } some ? some.ToString("0.00", CultureInfo.InvariantCulture) : "-";

    private void Write(params ReadOnlySpan<string> c) =>
        output.WriteLine($"{c[0],-20} {c[1],9} {c[2],9} {c[3],8} {c[4],8} {c[5],9} {c[6],9} {c[7],9} {c[8],8}  {c[9]}");
}
