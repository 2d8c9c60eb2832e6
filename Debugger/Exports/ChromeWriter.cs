using System.Text.Encodings.Web;
using System.Text.Json;
using MmuEmu.Debugger.Sessions;

namespace MmuEmu.Debugger.Exports;

/// <summary>A timeline as Chrome's trace-event JSON.</summary>
/// <remarks>Its time stamps are microseconds; T or a cycle counts as a nanosecond. Source: [Trace Event Format].</remarks>
internal sealed class ChromeWriter : ITimelineWriter
{
    private const int FlushAt = 1 << 16;
    private const decimal PerMicrosecond = 1000m;
    private readonly ExportScene _scene;
    private readonly MemoryStream _buffer = new();
    private readonly Utf8JsonWriter _json;
    private readonly HashSet<Track> _named = [];

    /// <summary>A writer of one document.</summary>
    public ChromeWriter(ExportScene scene)
    {
        _scene = scene;
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteStartObject();
        _json.WriteString("displayTimeUnit", "ns");
        _json.WriteStartObject("otherData");
        _json.WriteString("version", $"mmuemu {RunSchema.Version}");
        PortableText.Write(_json, "guest", scene.Guest);
        _json.WriteString("time", $"1 ns is 1 of the {scene.Window.Unit}");
        _json.WriteEndObject();
        _json.WriteStartArray("traceEvents");
        Name("process_name", 0, 0, TrackNames.Machine);
    }

    /// <inheritdoc/>
    public void NameProcess(int pid, string name) => Name("process_name", pid, pid, name);

    /// <inheritdoc/>
    public void Add(in TimelineItem item)
    {
        int tid = TidOf(item.Track);
        if (item.Kind != ItemKind.Counter && _named.Add(item.Track))
        {
            Name("thread_name", item.Track.Pid, tid, TrackNames.Of(item.Track));
        }

        // An arrow needs something with a length, be it 0, at both its ends.
        bool hasArrow = item is { Flow: not 0, Kind: ItemKind.Instant };
        Head(item, hasArrow ? "X" : PhaseOf(item.Kind), tid);
        if (hasArrow)
        {
            _json.WriteNumber("dur", 0);
        }
        else if (item.Kind == ItemKind.Instant)
        {
            _json.WriteString("s", "t");
        }

        Arguments(item);
        _json.WriteEndObject();
        if (item.Flow != 0)
        {
            Arrow(item, tid);
        }

        if (_json.BytesPending > FlushAt)
        {
            Flush();
        }
    }

    /// <inheritdoc/>
    public void End()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        Flush();
        _scene.Output.WriteByte((byte)'\n');
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private static string PhaseOf(ItemKind kind) => kind switch
    {
        ItemKind.Begin => "B",
        ItemKind.End => "E",
        ItemKind.Instant => "i",
        ItemKind.Counter => "C",
    };

    /// <summary>The machine's tracks are threads of a process of its own, 0.</summary>
    private static int TidOf(Track track) => track.Kind == TrackKind.Thread ? track.Tid : track.Pid == 0 ? (int)track.Kind : track.Pid;

    private void Head(in TimelineItem item, string phase, int tid)
    {
        _json.WriteStartObject();
        _json.WriteString("ph", phase);
        if (item.Kind != ItemKind.End)
        {
            _json.WriteString("name", item.Name);
            _json.WriteString("cat", item.Kind == ItemKind.Counter ? "counter" : item.Category);
        }

        _json.WriteNumber("ts", item.At / PerMicrosecond);
        _json.WriteNumber("pid", item.Track.Pid);
        _json.WriteNumber("tid", tid);
    }

    private void Arguments(in TimelineItem item)
    {
        if (item.Kind != ItemKind.Counter && item.Facts.Count == 0)
        {
            return;
        }

        _json.WriteStartObject("args");
        if (item.Kind == ItemKind.Counter)
        {
            _json.WriteNumber("value", item.Value);
        }

        foreach (ItemFact fact in item.Facts)
        {
            if (fact.Text is { } text)
            {
                _json.WriteString(fact.Name, text);
            }
            else
            {
                _json.WriteNumber(fact.Name, fact.Number);
            }
        }

        _json.WriteEndObject();
    }

    private void Arrow(in TimelineItem item, int tid)
    {
        _json.WriteStartObject();
        _json.WriteString("ph", item.EndsFlow ? "f" : "s");
        if (item.EndsFlow)
        {
            _json.WriteString("bp", "e");
        }

        _json.WriteString("name", "page");
        _json.WriteString("cat", "flow");
        _json.WriteNumber("id", item.Flow);
        _json.WriteNumber("ts", item.At / PerMicrosecond);
        _json.WriteNumber("pid", item.Track.Pid);
        _json.WriteNumber("tid", tid);
        _json.WriteEndObject();
    }

    private void Name(string what, int pid, int tid, string name)
    {
        _json.WriteStartObject();
        _json.WriteString("ph", "M");
        _json.WriteString("name", what);
        _json.WriteNumber("pid", pid);
        _json.WriteNumber("tid", tid);
        _json.WriteStartObject("args");
        _json.WriteString("name", name);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void Flush()
    {
        _json.Flush();
        _scene.Output.Write(_buffer.GetBuffer().AsSpan(0, (int)_buffer.Length));
        _buffer.SetLength(0);
    }
}
