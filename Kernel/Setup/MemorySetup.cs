using MmuEmu.Emulator.Memory;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Reclaim;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Kernel.Setup;

/// <summary>What a memory system is made of.</summary>
internal sealed record MemoryConfig
{
    /// <summary>The machine's RAM.</summary>
    public required PhysicalMemory Ram { get; init; }

    /// <summary>Which historic behaviour is shown.</summary>
    public KernelProfile Profile { get; init; } = KernelProfile.Default;

    /// <summary>Pages of swap; 0 for none.</summary>
    public int SwapPages { get; init; } = 16384;

    /// <summary>Frames at the start of RAM that are never handed out; at least 1, so that frame 0 belongs to nobody.</summary>
    public ulong ReservedFrames { get; init; } = 1;
}

/// <summary>Wires the parts of memory management.</summary>
internal static class MemorySetup
{
    /// <summary>A memory system with all RAM free, no address space and one swap area.</summary>
    public static MemorySystem Build(MemoryConfig config)
    {
        FrameTable frames = new(config.Ram.FrameCount);
        BuddyAllocator buddy = new(frames, Math.Max(1, config.ReservedFrames));
        FrameSource source = new();
        GatherSink sink = new();
        MmReport report = new();
        PageTableEditor editor = new(config.Ram, frames, source, report);
        MemorySystem mem = new()
        {
            Ram = config.Ram,
            Profile = config.Profile,
            Vrange = VrangeTable.Of(config.Profile),
            Frames = frames,
            Buddy = buddy,
            Watermarks = Watermarks.For(buddy.ManagedCount),
            Lru = new LruLists(),
            Swap = SwapOf(config),
            SoftPtes = new SoftPteFormat(config.Profile),
            Editor = editor,
            Rmap = new ReverseMap(editor),
            Source = source,
            Sink = sink,
            Gathers = new GatherPool(sink, flushes: !config.Profile.Has(ProfileSwitches.SkipFlush)),
            Report = report,
            ZeroFrame = ZeroFrameOf(config.Ram, buddy),
            Huge = new HugeState(config.Profile.Thp),
        };
        editor.FailPoints = mem.FailPoints;
        source.Attach(mem);
        sink.Attach(mem);
        mem.Filler = new PageFiller(mem);
        HugePoolSize.Set(mem, config.Profile.HugePages);
        return mem;
    }

    private static SwapSpace SwapOf(MemoryConfig config)
    {
        SwapSpace swap = new();
        if (config.SwapPages > 0)
        {
            swap.AddArea(new SwapDevice(config.SwapPages + 1));
        }

        return swap;
    }

    private static PageFrame ZeroFrameOf(PhysicalMemory ram, BuddyAllocator buddy)
    {
        PageFrame zero = buddy.TryTake(0)!;
        ram.ZeroPage(zero.Pfn);
        zero.Set(PageFlags.Reserved);
        return zero;
    }
}
