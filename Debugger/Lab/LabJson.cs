using System.Text;
using System.Text.Json;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Lab;

/// <summary>Experiments as one JSON document, schema <c>mmuemu.lab/1</c>.</summary>
internal static class LabJson
{
    /// <summary>One document with these runs.</summary>
    public static void Write(TextWriter writer, IEnumerable<LabRun> runs)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("schema", "mmuemu.lab/1");
            json.WriteString("experiment", "kmap");
            json.WriteStartArray("runs");
            foreach (LabRun run in runs)
            {
                WriteRun(json, run);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        writer.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private static void WriteRun(Utf8JsonWriter json, LabRun run)
    {
        json.WriteStartObject();
        json.WriteString("row", run.Case.Row);
        json.WriteString("cure", run.Cure);
        json.WriteString("command", run.CommandLine);
        json.WriteBoolean("safe", run.IsSafe);
        json.WriteStartArray("findings");
        foreach (string finding in run.Findings)
        {
            json.WriteStringValue(finding);
        }

        json.WriteEndArray();
        json.WriteString("end", run.Result.Reason.ToString());
        json.WriteNumber("exitCode", run.Result.ExitCode);
        json.WriteNumber("instructions", run.Result.Time);
        json.WriteNumber("swappedOut", run.Result.Statistics.Memory[MmCounter.PswpOut]);
        json.WriteNumber("swappedIn", run.Result.Statistics.Memory[MmCounter.PswpIn]);
        json.WriteStartObject("counts");
        foreach ((string name, ulong count) in run.Counts)
        {
            json.WriteNumber(name, count);
        }

        json.WriteEndObject();
        json.WriteString("output", run.Output);
        json.WriteEndObject();
    }
}
