using MmuEmu.Emulator.Memory;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Rmap;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Swap;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;
using MmuEmu.Kernel.Windows;

namespace MmuEmu.Kernel.Memory;

/// <summary>The parts of memory management of one machine, wired together; it has no logic of its own.</summary>
/// <remarks>Wired by the set-up, which knows the floors above that hand frames out, take gathers in and fill pages.</remarks>
internal sealed class MemorySystem : IStateful
{
    /// <summary>The machine's RAM.</summary>
    public required PhysicalMemory Ram { get; init; }

    /// <summary>Which historic behaviour is shown.</summary>
    public required KernelProfile Profile { get; init; }

    /// <summary>The posting of vrange that the profile names.</summary>
    public required VrangeTraits Vrange { get; init; }

    /// <summary>Allocations that are to fail.</summary>
    public FailPoints FailPoints { get; } = new();

    /// <summary>The records of all frames.</summary>
    public required FrameTable Frames { get; init; }

    /// <summary>The free lists.</summary>
    public required BuddyAllocator Buddy { get; init; }

    /// <summary>The levels at which reclaim acts.</summary>
    public required Watermarks Watermarks { get; init; }

    /// <summary>The lists that reclaim walks.</summary>
    public required LruLists Lru { get; init; }

    /// <summary>Swap areas and swap cache.</summary>
    public required SwapSpace Swap { get; init; }

    /// <summary>The layout of entries that the hardware ignores.</summary>
    public required SoftPteFormat SoftPtes { get; init; }

    /// <summary>Reads and writes page tables.</summary>
    public required PageTableEditor Editor { get; init; }

    /// <summary>Finds who maps a page.</summary>
    public required ReverseMap Rmap { get; init; }

    /// <summary>Where frames come from and go to.</summary>
    public required IFrameSource Source { get; init; }

    /// <summary>Who takes what gathers let go.</summary>
    public required IGatherSink Sink { get; init; }

    /// <summary>Gathers, one for each change of entries.</summary>
    public required GatherPool Gathers { get; init; }

    /// <summary>Counters, prices and listeners.</summary>
    public required MmReport Report { get; init; }

    /// <summary>The frame of zeros that reads of untouched anonymous memory share.</summary>
    public required PageFrame ZeroFrame { get; init; }

    /// <summary>Huge pages.</summary>
    public required HugeState Huge { get; init; }

    /// <summary>vrange, when the kernel has it.</summary>
    public IVolatilePurge? Volatile { get; set; }

    /// <summary>The fault handler, for verbs that fill pages in advance.</summary>
    public IPageFiller? Filler { get; set; }

    /// <summary>Who must hear of bytes that the kernel writes into pages that a program may run; null without processors.</summary>
    public IWrittenCode? Code { get; set; }

    /// <summary>Who holds page faults back; null for nobody.</summary>
    public IFaultGate? FaultGate { get; set; }

    /// <summary>Through what high frames are reached; null when the kernel has a mapping of every frame.</summary>
    public KernelWindows? Windows { get; set; }

    /// <summary>What is counted of windows and copies.</summary>
    public WindowCounters WindowCounts { get; } = new();

    /// <summary>Who says what becomes of allocations that find nothing; null when they just fail.</summary>
    public IShortageRule? Shortage { get; set; }

    /// <summary>Whose faults are handled now.</summary>
    public FaultAccount Account { get; set; } = new(null);

    /// <summary>The address space of the thread at work; null before the first.</summary>
    public AddressSpace? SpaceAtWork { get; set; }

    /// <summary>Pages read from a device, swap or a file of the host, since the machine began.</summary>
    public ulong PagesRead { get; set; }

    /// <summary>All address spaces that live, oldest first.</summary>
    public List<AddressSpace> Spaces { get; } = [];

    /// <summary>The number and PCID of the next address space.</summary>
    public SpaceNumbers Numbers { get; } = new();

    /// <summary>The vmstat counters.</summary>
    public MmCounters Counters => Report.Counters;

    /// <summary>The price list; null while all is free.</summary>
    public IKernelCost? Cost => Report.Cost;

    // Gathers are empty between two runs, whichever of them are at hand.
    object IStateful.Save(object? last) =>
        (Gathers.BatchSize, Volatile, FaultGate, Account, SpaceAtWork, PagesRead, SavedItems.Of(Spaces, null));

    void IStateful.Restore(object state)
    {
        (Gathers.BatchSize, Volatile, FaultGate, Account, SpaceAtWork, PagesRead, AddressSpace[] spaces) =
            ((int, IVolatilePurge?, IFaultGate?, FaultAccount, AddressSpace?, ulong, AddressSpace[]))state;
        SavedItems.PutBack(Spaces, spaces);
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.SeeAll([FailPoints, Frames, Buddy, Lru, Swap, Editor, Rmap, Report, Numbers, Account, Huge, .. Spaces]);
        visitor.See(SpaceAtWork);
        visitor.SeeAny(Source);
        visitor.SeeAny(Sink);
        visitor.SeeAny(Volatile);
        visitor.SeeAny(FaultGate);
        visitor.See(Windows);
        visitor.See(WindowCounts);
        visitor.SeeAny(Shortage);
    }
}
