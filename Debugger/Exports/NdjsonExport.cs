using System.Text.Encodings.Web;
using System.Text.Json;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Exports;

/// <summary>A line of JSON for each event, as reports of runs have them; a line before them says what runs, a line behind them how it ended.</summary>
/// <remarks>Schema <c>mmuemu.trace/1</c>: docs/trace-schema.json. A file without the last line is cut short.</remarks>
internal sealed class NdjsonExport : IExport
{
    /// <summary>The name of the schema: its number grows when a member changes its meaning.</summary>
    public const string Schema = "mmuemu.trace/1";

    private const int FlushAt = 1 << 16;
    private readonly ExportScene _scene;
    private readonly MemoryStream _buffer = new();
    private readonly Utf8JsonWriter _json;

    /// <summary>A writer of lines.</summary>
    public NdjsonExport(ExportScene scene)
    {
        _scene = scene;
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Wanted = TraceFamilies.MaskOf(scene.Kinds);
    }

    /// <inheritdoc/>
    public TraceMask Wanted { get; }

    /// <inheritdoc/>
    public void Begin(MiniKernel kernel)
    {
        KernelOptions options = _scene.Plan.Options;
        _json.WriteStartObject();
        _json.WriteString("schema", Schema);
        _json.WriteString("version", RunSchema.Version);
        PortableText.Write(_json, "guest", _scene.Guest);
        PortableText.Write(_json, "arguments", options.Arguments.Skip(1));
        _json.WriteNumber("ramBytes", options.RamBytes);
        _json.WriteNumber("swapBytes", options.SwapBytes);
        _json.WriteString("cpu", options.Cpu.Name);
        _json.WriteString("preset", options.Preset);
        _json.WriteNumber("cpus", options.Cpus);
        _json.WriteNumber("seed", options.Seed);
        _json.WriteNumber("from", _scene.Window.From);
        if (_scene.Window.To != ulong.MaxValue)
        {
            _json.WriteNumber("to", _scene.Window.To);
        }

        _json.WriteStartArray("kinds");
        foreach (Word kind in TraceKindText.WordsOf(_scene.Kinds))
        {
            _json.WriteStringValue(kind.Text);
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
        EndLine();
    }

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        JsonEvents.Write(_json, happened);
        EndLine();
    }

    /// <inheritdoc/>
    public void End(ExportEnd end)
    {
        _json.WriteStartObject();
        _json.WriteString("type", "end");
        _json.WriteNumber("t", end.Time);
        _json.WriteString("reason", end.Reason);
        if (end.Status is { } status)
        {
            _json.WriteNumber("exitCode", status);
        }

        _json.WriteEndObject();
        EndLine();
        Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void EndLine()
    {
        _json.Flush();
        _json.Reset();
        _buffer.WriteByte((byte)'\n');
        if (_buffer.Length > FlushAt)
        {
            Flush();
        }
    }

    private void Flush()
    {
        _scene.Output.Write(_buffer.GetBuffer().AsSpan(0, (int)_buffer.Length));
        _buffer.SetLength(0);
    }
}
