using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;

namespace MmuEmu.Debugger.Rendering;

/// <summary>What the MMU did, one line each.</summary>
internal static class MmuText
{
    /// <summary>The event in words and numbers; null for kinds that say nothing which another line does not.</summary>
    public static string? Of(in TraceEvent what) => what.Detail switch
    {
        InvalidationDetail left => $"tlb drop {left.What.Scope} {left.What.Address} pcid {left.What.Pcid}",
        WalkDetail walk when what.Kind == TraceEventKind.Walk => $"walk {Name(walk)} {walk.Access.Address} {Entries(walk.Path)}",
        AccessDetail access => $"{access.Access.Kind.ToString().ToLowerInvariant()} {access.Access.Address} @{access.Where} {what.Count} bytes",
        null when what.Kind == TraceEventKind.EntryMarked => $"sets {Marks(what)} {what.Address} @{what.Slot} {what.Old} -> {what.New}",
        _ => null,
    };

    /// <summary>The kind by name, as reports have it.</summary>
    public static string KindName(TraceEventKind kind) => kind switch
    {
        TraceEventKind.PageFault => "Fault",
        TraceEventKind.Invalidated => "Invalidate",
        _ => kind.ToString(),
    };

    /// <summary>The bits that the processor set in an entry.</summary>
    public static string Marks(in TraceEvent what) => (PteBits)(what.New.Raw & ~what.Old.Raw) switch
    {
        PteBits.A => "A",
        PteBits.D => "D",
        _ => "A D",
    };

    private static string Name(WalkDetail walk) => walk.Access.Kind.ToString().ToLowerInvariant();

    private static string Entries(WalkPath path) => string.Join(' ', Enumerable.Range(0, path.Count).Select(i => path[i].Entry.ToString()));
}
