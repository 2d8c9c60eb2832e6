using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Exports;

/// <summary>The tracks of what the machine does: memory management, walks, reclaim.</summary>
internal sealed class TimelineMachine(TimelineTracks tracks, TimelineFlows flows, TraceKinds kinds)
{
    private readonly TraceMask _told = TraceFamilies.MaskOf(kinds);

    /// <summary>Takes one event.</summary>
    public void Take(in TraceEvent happened)
    {
        ulong flow = FlowOf(happened);
        if (!_told.Has(happened.Kind) || NameOf(happened) is not { } name)
        {
            return;
        }

        ItemFact[] who = [new("pid", null, (ulong)happened.Stamp.Pid), new("tid", null, (ulong)happened.Stamp.Tid)];
        tracks.Add(new TimelineItem(ItemKind.Instant, new Track(TrackOf(happened.Kind)), tracks.At(happened.Stamp), name)
        {
            Category = CategoryOf(happened.Kind),
            Facts = TextOf(happened) is { } text ? [new("what", text), .. who] : who,
            Flow = flow,
            EndsFlow = happened.Kind == KernelEvent.SwappedIn,
        });
    }

    private ulong FlowOf(in TraceEvent happened) => happened.Kind switch
    {
        KernelEvent.Purged or KernelEvent.LazyFreed => flows.Gone(happened.Space, happened.Address),
        KernelEvent.SwappedOut => flows.GoneTo(happened.Count),
        KernelEvent.SwappedIn => flows.Back(happened.Count),
        _ => 0,
    };

    /// <summary>A short name, the same for the same thing; null for what says nothing.</summary>
    private static string? NameOf(in TraceEvent happened) => happened switch
    {
        { Kind: KernelEvent.RuleFired } => "pressure rule",
        { Kind: TraceEventKind.Walk, Detail: WalkDetail walk } => $"walk {walk.Access.Kind.ToString().ToLowerInvariant()}",
        { Kind: TraceEventKind.EntryMarked } => $"sets {EntryText.Changes(happened.Old, happened.New)}",
        { Kind: TraceEventKind.Invalidated } => "tlb drop",
        { Kind: < TraceEventKind.FirstOfSoftware } => null,
        { Kind: KernelEvent.Scanned, Count: 0 } => null,
        { Kind: >= KernelEvent.KeptDirty and <= KernelEvent.KeptHomeless } => $"kept: {KeptText.Reason(happened.Kind)}",
        { Detail: null or CauseDetail } => MemoryText.KindName(happened.Kind),
        _ => null,
    };

    private static string? TextOf(in TraceEvent happened) => happened switch
    {
        { Detail: RuleDetail rule } => rule.Text,
        { Kind: < TraceEventKind.FirstOfSoftware } => MmuText.Of(happened),
        _ => MemoryText.Of(happened),
    };

    private static TrackKind TrackOf(TraceEventKind kind) => kind switch
    {
        < TraceEventKind.FirstOfSoftware => TrackKind.Walker,
        KernelEvent.FaultClassified or KernelEvent.EntryChanged or KernelEvent.FrameTaken or KernelEvent.FrameFreed or KernelEvent.Flush => TrackKind.Memory,
        _ => TrackKind.Reclaim,
    };

    private static string CategoryOf(TraceEventKind kind) => kind switch
    {
        < TraceEventKind.FirstOfSoftware => "walk",
        KernelEvent.RuleFired => "rule",
        _ => "reclaim",
    };
}
