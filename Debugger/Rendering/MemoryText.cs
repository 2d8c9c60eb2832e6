using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Rendering;

/// <summary>What memory management did, one line each.</summary>
internal static class MemoryText
{
    /// <summary>The event in words and numbers.</summary>
    public static string Of(in MmEvent what) => what.Kind switch
    {
        MmEventKind.Fault => $"fault {what.Address} {FaultText.KindName(what.Fault)}",
        MmEventKind.EntryChanged => $"pte {what.Address} @{what.Slot} {what.Old} -> {what.New}",
        MmEventKind.FrameTaken => $"frame {what.Frame} taken",
        MmEventKind.FrameFreed => $"frame {what.Frame} freed",
        MmEventKind.Flush => what.Count == 0 ? "tlb flush all" : $"tlb flush {what.Address} {what.Count} pages",
        MmEventKind.Scanned => $"reclaim scanned {what.Count}",
        MmEventKind.LazyFreed => $"lazy-free frame {what.Frame} discarded",
        MmEventKind.Purged => $"purged {what.Address} frame {what.Frame}",
        MmEventKind.SwappedOut => $"swap out frame {what.Frame} {what.Address}",
        MmEventKind.SwappedIn => $"swap in frame {what.Frame} {what.Address}",
        MmEventKind.OutOfMemory => "out of memory",
    };
}
