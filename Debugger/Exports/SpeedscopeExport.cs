using System.Text.Encodings.Web;
using System.Text.Json;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Exports;

/// <summary>Where faults and walks come from, as a profile of speedscope: function, line where it is known, mapping, then what happened.</summary>
/// <remarks>Source: [speedscope, "Importing from custom sources"].</remarks>
internal sealed class SpeedscopeExport : IExport
{
    private const string Schema = "https://www.speedscope.app/file-format-schema.json";
    private readonly ExportScene _scene;
    private readonly CodeNames _names;
    private readonly RipProbe? _probe;
    private readonly Dictionary<(string Name, string File, int Line), int> _frames = [];
    private readonly Dictionary<int, int> _spaces = [];
    private readonly StackProfile? _faults;
    private readonly StackProfile? _walks;
    private KernelView? _view;

    /// <summary>A profile of the kinds that are asked for.</summary>
    public SpeedscopeExport(ExportScene scene)
    {
        _scene = scene;
        _names = new CodeNames(scene.Plan, scene.Program);
        _faults = scene.Kinds.HasFlag(TraceKinds.Fault) ? new StackProfile("page faults") : null;
        _walks = scene.Kinds.HasFlag(TraceKinds.Walk) ? new StackProfile("entries read by walks") : null;
        _probe = _walks is null ? null : new RipProbe();
        Wanted = TraceMask.Of(KernelEvent.UserEntry)
            | (_faults is null ? TraceMask.None : TraceMask.Of(KernelEvent.FaultHandled, KernelEvent.FaultSignalled))
            | (_walks is null ? TraceMask.None : TraceMask.Of(TraceEventKind.Walk));
    }

    /// <inheritdoc/>
    public TraceMask Wanted { get; }

    /// <inheritdoc/>
    public IInstructionProbe? Probe => _probe;

    /// <inheritdoc/>
    public void Begin(MiniKernel kernel) => _view = new KernelView(kernel);

    /// <inheritdoc/>
    public void Take(in TraceEvent happened)
    {
        int tid = happened.Stamp.Tid;
        if (happened.Kind == KernelEvent.UserEntry)
        {
            _spaces[tid] = happened.Space;
        }
        else if (_spaces.TryGetValue(tid, out int space))
        {
            if (happened.Detail is FaultDetail fault)
            {
                _faults!.Add(StackOf(space, fault.Rip, fault.Fault.Cr2, $"#PF {FaultText.KindName(fault.Kind)}"), 1);
            }
            else if (happened.Detail is WalkDetail { Path.Count: > 0 } walk)
            {
                VirtAddr rip = walk.Access.Kind == AccessKind.Fetch ? walk.Access.Address : new VirtAddr(_probe!.Rip);
                _walks!.Add(StackOf(space, rip, walk.Access.Address, $"walk {walk.Access.Kind.ToString().ToLowerInvariant()}"), (ulong)walk.Path.Count);
            }
        }
    }

    /// <inheritdoc/>
    public void End(ExportEnd end)
    {
        using Utf8JsonWriter json = new(_scene.Output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("$schema", Schema);
        json.WriteString("exporter", $"mmuemu {RunSchema.Version}");
        PortableText.Write(json, "name", _scene.Guest);
        json.WriteStartObject("shared");
        json.WriteStartArray("frames");
        foreach ((string frame, string file, int line) in _frames.Keys)
        {
            json.WriteStartObject();
            json.WriteString("name", frame);
            if (line > 0)
            {
                json.WriteString("file", file);
                json.WriteNumber("line", line);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("profiles");
        foreach (StackProfile profile in new[] { _faults, _walks }.OfType<StackProfile>())
        {
            Write(json, profile);
        }

        json.WriteEndArray();
        json.WriteNumber("activeProfileIndex", 0);
        json.WriteEndObject();
        json.Flush();
        _scene.Output.WriteByte((byte)'\n');
    }

    /// <inheritdoc/>
    public void Dispose() => _names.Dispose();

    private int[] StackOf(int space, VirtAddr rip, VirtAddr address, string what)
    {
        string mapping = _view!.VmaAt(space, address) is { } vma
            ? vma.Name.Length == 0 ? "[anonymous]" : vma.Name[(vma.Name.LastIndexOf('/') + 1)..]
            : "[no mapping]";
        CodeName code = _names.Of(_view, space, rip);
        return code.Line == 0 ? [FrameOf(code.Function), FrameOf(mapping), FrameOf(what)]
            : [FrameOf(code.Function), FrameOf(code.Place, code.File, code.Line), FrameOf(mapping), FrameOf(what)];
    }

    private int FrameOf(string name, string file = "", int line = 0)
    {
        if (!_frames.TryGetValue((name, file, line), out int number))
        {
            _frames.Add((name, file, line), number = _frames.Count);
        }

        return number;
    }

    private static void Write(Utf8JsonWriter json, StackProfile profile)
    {
        json.WriteStartObject();
        json.WriteString("type", "sampled");
        json.WriteString("name", profile.Name);
        json.WriteString("unit", "none");
        json.WriteNumber("startValue", 0);
        json.WriteNumber("endValue", profile.Total);
        json.WriteStartArray("samples");
        foreach ((int[] stack, _) in profile.Samples)
        {
            json.WriteStartArray();
            Array.ForEach(stack, json.WriteNumberValue);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteStartArray("weights");
        foreach ((_, ulong weight) in profile.Samples)
        {
            json.WriteNumberValue(weight);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
