namespace MmuEmu.Tests.Kernel.State;

/// <summary>What a restoring need not bring back: types, and fields as <c>Type.field</c>.</summary>
internal static class LeftOut
{
    /// <summary>Of memory management and files.</summary>
    public static readonly IReadOnlySet<string> OfMemory = new HashSet<string>
    {
        "MmHarness",                    // the test's own
        "PhysicalMemory",               // its content is compared apart
        "DataPort._bounce",             // means nothing between two accesses
        "TranslationArray._leaving",    // room for one invalidation
        "TranslationArray._lastPut",    // where to look first
        "MmuOptions",                   // never change
        "SharedMap`2._saved",           // what is shared with images, and what is not
        "SharedMap`2._changed",
        "SharedArray`1._saved",
        "SharedArray`1._changed",
        "FrameChunk._image",
        "FrameChunk._changed",
        "PageFrame._noted",
        "PurgeList._image",
        "Pipe._image",
        "GatherPool._idle",             // empty between two runs, whichever are at hand
        "GatherPool._next",             // one of them
        "RangePool._spare",             // nodes of nobody
        "PagePurge._sites",             // filled anew for each page
        "LinkBreaker._copies",          // likewise
        "HostContent._handle",          // the host's side
        "Stack`1._version",             // counts changes of the collection, for enumerators
        "Queue`1",                      // where a ring begins means nothing; the tests ask for what comes out
    };

    /// <summary>Of a whole run.</summary>
    public static readonly IReadOnlySet<string> OfRun = new HashSet<string>(OfMemory)
    {
        "TraceRecorder",                // the test's own
        "BytesOutput",                  // the host's side
        "Engine._decoded",              // set before it is asked, within one entry
        "BlockCache._overwritten",      // room for one store
        "BlockDecoder",                 // room for one block
        "Lowering",                     // likewise
        "BlockPricing",                 // likewise
        "Block._image",                 // what is shared with images, and whether
        "Block._shared",
        "FrameCode._image",
        "OpArena._base",
        "OpArena._segments",            // never freed, only used again
        "CpuModel",                     // never change
        "MachinePreset",
        "KernelOptions",
        "Scheduler._ready",             // filled anew for each turn
        "Scheduler._own",
        "Scheduler._busy",
    };
}
