using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>Why reclaim left a page where it was.</summary>
internal static class KeptText
{
    /// <summary>The name that all these kinds share in reports; <see cref="Reason"/> tells them apart.</summary>
    public const string KindName = "Kept";

    /// <summary>The event as a line.</summary>
    public static string Of(in TraceEvent what) => $"{Page(what)} {What(what)}: {Words(what)}";

    /// <summary>What became of the page: Rescued, lazy-free until now and an ordinary page from now on; LazyFree as before; or Ordinary as before.</summary>
    public static string State(in TraceEvent what) => what.Number switch
    {
        1 => "LazyFree",
        2 => "Rescued",
        _ => "Ordinary",
    };

    /// <summary>The reason in one word.</summary>
    public static string Reason(TraceEventKind kind) => kind switch
    {
        KernelEvent.KeptDirty => "Dirty",
        KernelEvent.KeptUsed => "Used",
        KernelEvent.KeptMlocked => "Mlocked",
        KernelEvent.KeptPinned => "Pinned",
        KernelEvent.KeptBusy => "Busy",
        KernelEvent.KeptNoSwap => "NoSwap",
        _ => "Homeless",
    };

    private static string Page(in TraceEvent what) => $"{(what.Number == 0 ? "reclaim: frame" : "lazy-free frame")} {what.Frame}{MemoryText.At(what)}";

    private static string What(in TraceEvent what) => what.Number == 2 ? "rescued" : what.Number == 1 ? "kept, still lazy-free" : "passed over";

    private static string Words(in TraceEvent what) => what.Kind switch
    {
        KernelEvent.KeptDirty => what.Old.Has(PteBits.D) ? "written since MADV_FREE, D=1" : "written since MADV_FREE, the page itself is dirty",
        KernelEvent.KeptUsed when what.Number != 0 => $"used since MADV_FREE or the last look, A=1 (cleared), D={(what.Old.Has(PteBits.D) ? 1 : 0)}",
        KernelEvent.KeptUsed => $"used since the last look, A=1 in {what.Count} {(what.Count == 1 ? "entry" : "entries")} (cleared)",
        KernelEvent.KeptMlocked => "a locked mapping (mlock) holds it",
        KernelEvent.KeptPinned => "something besides its entries refers to it",
        KernelEvent.KeptBusy => "it is being worked on",
        KernelEvent.KeptNoSwap => "no swap slot is free",
        _ => "its content has no place to go but memory",
    };
}
