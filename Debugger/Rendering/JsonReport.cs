using System.Text.Encodings.Web;
using System.Text.Json;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>A run as one JSON document, schema <c>mmuemu.run/2</c> (docs/run-schema.json); events are written as they happen.</summary>
/// <remarks>It holds all that made the run, and nothing of the host but what the guest itself was given: no clock, no process ids; equal runs give equal bytes.</remarks>
internal sealed class JsonReport : ITraceSink, IDisposable
{
    private const int FlushAt = 1 << 16;

    private readonly MemoryStream _buffer = new();
    private readonly Utf8JsonWriter _json;
    private readonly TextWriter _writer;
    private readonly List<string> _diagnostics = [];

    /// <summary>A report of the given families to <paramref name="writer"/>.</summary>
    public JsonReport(TextWriter writer, TraceKinds kinds)
    {
        (_writer, Wanted) = (writer, TraceFamilies.MaskOf(kinds));
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <inheritdoc/>
    public TraceMask Wanted { get; }

    /// <summary>Notes what the run begins with; nothing is written before the first events fill a buffer, so a refused guest leaves no half document.</summary>
    public void Begin(PlannedRun plan)
    {
        KernelOptions options = plan.Options;
        _json.WriteStartObject();
        _json.WriteString("schema", RunSchema.Name);
        _json.WriteString("version", RunSchema.Version);
        PortableText.Write(_json, "guest", options.Arguments[0]);
        PortableText.Write(_json, "arguments", options.Arguments.Skip(1));
        _json.WriteNumber("ramBytes", options.RamBytes);
        _json.WriteNumber("swapBytes", options.SwapBytes);
        _json.WriteString("cpu", options.Cpu.Name);
        _json.WriteString("vendor", options.Cpu.VendorName);
        _json.WriteString("preset", options.Preset);
        _json.WriteNumber("seed", options.Seed);
        JsonRun.Write(_json, plan.Record);
        _json.WriteStartArray("events");
    }

    /// <summary>Notes a line that a text run would print to stderr.</summary>
    public void AddDiagnostic(string line) => _diagnostics.Add(line);

    /// <summary>Writes how the run ended.</summary>
    public void End(Verdict verdict, RunRemains remains)
    {
        RunResult result = verdict.Result;
        _json.WriteEndArray();
        JsonRun.Write(_json, remains.Input);
        _json.WriteString("stdout", remains.Out.Text);
        _json.WriteString("stderr", remains.Error.Text);
        _json.WriteStartArray("diagnostics");
        foreach (string line in _diagnostics)
        {
            _json.WriteStringValue(line);
        }

        _json.WriteEndArray();
        _json.WriteString("reason", verdict.Reason);
        _json.WriteNumber("exitCode", verdict.Status);
        JsonEnd.Write(_json, verdict);
        _json.WriteNumber("t", result.Time);
        _json.WriteNumber("pageFaults", result.Statistics.PageFaults);
        _json.WriteNumber("syscalls", result.Statistics.Syscalls);
        JsonFaultRecord.Write(_json, result.LastFault, remains.Options.Pressure);
        WriteShortage(result.Shortage, remains.Options.RamBytes);
        WriteUnfired(verdict);
        _json.WriteString("ramSha256", Convert.ToHexStringLower(remains.RamHash));
        JsonFiles.Write(_json, remains);
        WriteProcessors(result.Statistics);
        WriteCounters(result.Statistics);
        _json.WriteEndObject();
        Flush();
        _writer.Write('\n');
    }

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        JsonEvents.Write(_json, happened);
        if (_json.BytesPending > FlushAt)
        {
            Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void WriteUnfired(Verdict verdict)
    {
        if (verdict.Rules == 0)
        {
            return;
        }

        _json.WriteStartArray("unfired");
        foreach (PressureRule rule in verdict.Unfired)
        {
            _json.WriteStringValue(rule.ToString());
        }

        _json.WriteEndArray();
    }

    private void WriteShortage(MemoryShortage? shortage, ulong ramBytes)
    {
        if (shortage is null)
        {
            _json.WriteNull("shortage");
            return;
        }

        _json.WriteStartObject("shortage");
        _json.WriteString("refused", shortage.IsKill ? "kill" : shortage.Call);
        _json.WriteString("errno", shortage.Errno == Errno.None ? null : shortage.Errno.ToString());
        _json.WriteString("process", shortage.Process);
        _json.WriteNumber("bytes", shortage.WantedBytes);
        _json.WriteNumber("t", shortage.Time);
        _json.WriteNumber("times", shortage.Times);
        _json.WriteNumber("ramBytes", ramBytes);
        if (shortage.NextRamBytes(ramBytes) is { } next)
        {
            _json.WriteString("try", $"--ram {ByteCount.Show(next)}");
        }

        _json.WriteEndObject();
    }

    private void WriteProcessors(RunStatistics statistics)
    {
        _json.WriteStartArray("cpus");
        foreach (Core core in statistics.Cores.All)
        {
            _json.WriteStartObject();
            _json.WriteNumber("instructions", core.Retired);
            if (core.Clock is { } clock)
            {
                _json.WriteNumber("cycles", clock.Now.Count);
            }

            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteCounters(RunStatistics statistics)
    {
        if (statistics.Timing is null)
        {
            return;
        }

        _json.WriteStartObject("counters");
        foreach (PerfReading reading in StatsText.Sums(statistics))
        {
            _json.WriteNumber(reading.Name, reading.Value);
        }

        _json.WriteEndObject();
    }

    private void Flush()
    {
        _json.Flush();
        _writer.Write(System.Text.Encoding.UTF8.GetString(_buffer.GetBuffer(), 0, (int)_buffer.Length));
        _buffer.SetLength(0);
    }
}

/// <summary>What a run leaves.</summary>
/// <param name="Options">What it was asked for.</param>
/// <param name="RamHash">SHA-256 of RAM.</param>
/// <param name="Input">What the guest read from its standard input.</param>
/// <param name="Out">The guest's standard output.</param>
/// <param name="Error">The guest's standard error.</param>
/// <param name="Files">The files of the host that it opened, sorted; none of a program that ships, which sees no host.</param>
internal sealed record RunRemains(
    KernelOptions Options, byte[] RamHash, RecordedInput Input, BytesOutput Out, BytesOutput Error, IEnumerable<(string Path, string HostPath)> Files);
