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
        WalkDetail walk when what.Kind == TraceEventKind.Walk => $"walk {Name(walk)} {walk.Access.Address} {Entries(walk)} -> {Result(walk)}",
        AccessDetail access => $"{access.Access.Kind.ToString().ToLowerInvariant()} {access.Access.Address} @{access.Where} {what.Count} bytes",
        null when what.Kind == TraceEventKind.EntryMarked =>
            $"sets {EntryText.Changes(what.Old, what.New)} in {LevelOf(what).EntryName()}[{LevelOf(what).IndexOf(what.Address):x3}] of {what.Address} @{what.Slot} {what.Old} -> {what.New}",
        _ => null,
    };

    /// <summary>The kind by name, as reports have it.</summary>
    public static string KindName(TraceEventKind kind) => kind switch
    {
        TraceEventKind.PageFault => "Fault",
        TraceEventKind.Invalidated => "Invalidate",
        _ => kind.ToString(),
    };

    /// <summary>The level of the entry in which the processor set bits.</summary>
    public static PagingLevel LevelOf(in TraceEvent what) => (PagingLevel)what.Number;

    private static string Name(WalkDetail walk) => walk.Access.Kind.ToString().ToLowerInvariant();

    private static string Entries(WalkDetail walk) => string.Join(' ', [.. Steps(walk.Above, WalkText.Served), .. Steps(walk.Path, WalkText.Read)]);

    private static IEnumerable<string> Steps(WalkPath path, char sign) =>
        Enumerable.Range(0, path.Count).Select(i => $"{sign}{path[i].Level.EntryName()} 0x{path[i].Entry.Raw:x}");

    private static string Result(WalkDetail walk)
    {
        WalkStep last = walk.Path.Last;
        if (!last.Entry.Present)
        {
            return "not present";
        }

        ulong page = last.Entry.Raw & Pte.FrameMask & ~(last.Level.Span() - 1);
        return (walk.Fault.Code & PageFaultCode.P) != 0 ? "refused" : $"page @0x{page:x}";
    }
}
