using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>What memory management did: a name for programs, a line for people.</summary>
internal static class MemoryText
{
    /// <summary>The event in words and numbers.</summary>
    public static string Of(in TraceEvent what) => what.Kind switch
    {
        KernelEvent.FaultClassified => $"fault {what.Address} {FaultText.KindName((FaultKind)what.Number)}",
        KernelEvent.EntryChanged => $"pte {what.Address} @{what.Slot} {what.Old} -> {what.New}{Changed(what.Old, what.New)}",
        KernelEvent.FrameTaken => $"frame {what.Frame} taken",
        KernelEvent.FrameFreed => $"frame {what.Frame} freed",
        KernelEvent.Flush => what.Count == 0 ? "tlb flush all" : $"tlb flush {what.Address} {what.Count} pages",
        KernelEvent.Scanned => $"reclaim scanned {what.Count}",
        KernelEvent.LazyMarked => $"lazy-free frame {what.Frame}{At(what)} marked: it may go while nobody writes to it",
        KernelEvent.LazyFreed => $"lazy-free frame {what.Frame}{At(what)} discarded: A=0, D=0 in every entry",
        KernelEvent.Purged => $"purged {what.Address} frame {what.Frame}",
        KernelEvent.SwappedOut => $"swap out frame {what.Frame} to slot {what.Count}",
        KernelEvent.SwappedIn => $"swap in frame {what.Frame}{At(what)} from slot {what.Count}",
        KernelEvent.OutOfMemory => "out of memory",
        >= KernelEvent.KeptDirty and <= KernelEvent.KeptHomeless => KeptText.Of(what),
        >= KernelEvent.CopyPassed and <= KernelEvent.KillRefused => CopyText.Of(what),
        _ => KindName(what.Kind),
    };

    /// <summary>The kind by name.</summary>
    public static string KindName(TraceEventKind kind) => kind switch
    {
        KernelEvent.FaultClassified => "Fault",
        KernelEvent.EntryChanged => nameof(KernelEvent.EntryChanged),
        KernelEvent.FrameTaken => nameof(KernelEvent.FrameTaken),
        KernelEvent.FrameFreed => nameof(KernelEvent.FrameFreed),
        KernelEvent.Flush => nameof(KernelEvent.Flush),
        KernelEvent.Scanned => nameof(KernelEvent.Scanned),
        KernelEvent.LazyFreed => nameof(KernelEvent.LazyFreed),
        KernelEvent.Purged => nameof(KernelEvent.Purged),
        KernelEvent.SwappedOut => nameof(KernelEvent.SwappedOut),
        KernelEvent.SwappedIn => nameof(KernelEvent.SwappedIn),
        KernelEvent.OutOfMemory => nameof(KernelEvent.OutOfMemory),
        KernelEvent.LazyMarked => nameof(KernelEvent.LazyMarked),
        >= KernelEvent.KeptDirty and <= KernelEvent.KeptHomeless => KeptText.KindName,
        >= KernelEvent.CopyPassed and <= KernelEvent.KillRefused => CopyText.KindName(kind),
        _ => kind.ToString(),
    };

    /// <summary>Which mapping is meant, with a space before it; empty when there is none.</summary>
    public static string At(in TraceEvent what) => what.Address.Raw == 0 ? "" : $" {what.Address}";

    /// <summary>What an entry that goes on mapping its page got or lost.</summary>
    private static string Changed(Pte old, Pte now) =>
        old.Present && now.Present && old.Frame == now.Frame && old != now ? $" ({EntryText.Changes(old, now)})" : "";
}
