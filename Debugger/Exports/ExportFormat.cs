using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Exports;

/// <summary>A format that a run can be exported in.</summary>
/// <param name="Name">As it is typed.</param>
/// <param name="Says">What it is for.</param>
/// <param name="Usual">Kinds of events that are told when none are named.</param>
/// <param name="Possible">Kinds that it can tell.</param>
/// <param name="Make">Makes its writer.</param>
internal sealed record ExportFormat(string Name, string Says, TraceKinds Usual, TraceKinds Possible, Func<ExportScene, IExport> Make)
{
    private const TraceKinds Main =
        TraceKinds.Fault | TraceKinds.Syscall | TraceKinds.Signal | TraceKinds.Mark | TraceKinds.Task | TraceKinds.Rule;

    private const TraceKinds Timed = Main | TraceKinds.Walk | TraceKinds.Reclaim;

    /// <summary>Bytes that are no text: nothing for a terminal.</summary>
    public bool IsBinary { get; init; }

    /// <summary>Bytes beyond which programs that read it fail; null where none is known.</summary>
    public long? MostBytes { get; init; }

    /// <summary>What to say of an export of so many bytes: that programs fail on it; null where none is known to.</summary>
    public string? Remark(long bytes) => bytes > MostBytes
        ? $"this export has {bytes >> 20} MB, and programs that read {Name} files fail above {MostBytes >> 20} MB; try: --format perfetto, or --kinds, --from and --to for less of it"
        : null;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } =
    [
        new("ndjson", "one JSON object a line, for scripts and jq (docs/trace-schema.json)", Main, Timed | TraceKinds.Access, scene => new NdjsonExport(scene)),
        new("perfetto", "TrackEvent protobuf for ui.perfetto.dev", Timed, Timed, scene => new TimelineExport(scene, new PerfettoWriter(scene))) { IsBinary = true },
        new("chrome", "trace-event JSON, for chrome://tracing and small runs", Timed, Timed, scene => new TimelineExport(scene, new ChromeWriter(scene))) { MostBytes = 50L << 20 },
        new("speedscope", "a profile for speedscope.app: which functions fault and walk", TraceKinds.Fault, TraceKinds.Fault | TraceKinds.Walk, scene => new SpeedscopeExport(scene)),
        new("strace", "system calls as strace has them, with the faults between them", Main, Main, scene => new StraceExport(scene)),
        new("svg", "a map of faults: pages by time, drawn by state", TraceKinds.Fault, TraceKinds.Fault, scene => new SvgExport(scene)),
    ];

    /// <summary>Them as words that can be typed.</summary>
    public static IEnumerable<Word> Words => All.Select(format => new Word(format.Name, format.Says));
}
