using System.Globalization;

namespace MmuEmu.Perf.Report;

/// <summary>Prints rows as they come.</summary>
internal sealed class ReportTable(TextWriter output)
{
    private readonly List<Row> _missed = [];
    private int _unmeasured;

    public void Begin()
    {
        output.WriteLine($"{RuntimeName()}, {Environment.ProcessorCount} processors, {Measure.Qemu.Describe()}");
        output.WriteLine();
        Write("what", "measured", "unit", "target", "", "qemu", "times qemu", "note");
        output.WriteLine(new string('-', 118));
    }

    public void Add(Row row)
    {
        string verdict = "";
        if (row.Value is null)
        {
            _unmeasured++;
        }
        else if (row.Target is { } target)
        {
            verdict = target.Met(row.Value.Value) ? "met" : "MISSED";
            if (verdict == "MISSED")
            {
                _missed.Add(row);
            }
        }

        Write(row.Name, Number(row.Value), row.Unit, $"{row.Target}", verdict, Number(row.Qemu), Number(row.Ratio), row.Note);
    }

    /// <returns>0, whatever was missed: host time is looked at, not gated.</returns>
    public int End()
    {
        output.WriteLine();
        output.WriteLine(_missed.Count == 0
            ? "every target that was measured is met"
            : "missed: " + string.Join(", ", _missed.Select(row => row.Name)));
        if (_unmeasured > 0)
        {
            output.WriteLine($"not measured: {_unmeasured}, see the notes");
        }

        return 0;
    }

    private static string RuntimeName() => System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription;

    private static string Number(double? value) => value switch
    {
        null => "-",
        0 => "0",
        < 10 => value.Value.ToString("0.00", CultureInfo.InvariantCulture),
        < 100 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0", CultureInfo.InvariantCulture),
    };

    private void Write(params ReadOnlySpan<string> cells)
    {
        output.WriteLine(
            $"{cells[0],-30} {cells[1],9} {cells[2],-9} {cells[3],-9} {cells[4],-7} {cells[5],9} {cells[6],10}  {cells[7]}".TrimEnd());
        output.Flush();
    }
}
