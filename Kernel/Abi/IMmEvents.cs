using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Abi;

/// <summary>What a memory-management event tells.</summary>
public enum MmEventKind
{
    /// <summary>A page fault was classified: Space, Address, Fault; Old is the entry that was met.</summary>
    Fault,

    /// <summary>A page-table entry changed: Space, Address, Slot, Old, New.</summary>
    EntryChanged,

    /// <summary>A block of frames was taken: Frame, Count.</summary>
    FrameTaken,

    /// <summary>A block of frames went back to the free lists: Frame, Count.</summary>
    FrameFreed,

    /// <summary>The TLBs were told: Space, Address, Count pages, 0 for everything of the space.</summary>
    Flush,

    /// <summary>Reclaim looked at pages: Count.</summary>
    Scanned,

    /// <summary>A lazy-free page was dropped: Frame.</summary>
    LazyFreed,

    /// <summary>A volatile page was purged: Space, Address, Frame.</summary>
    Purged,

    /// <summary>A page was written to swap: Frame, Count is the slot.</summary>
    SwappedOut,

    /// <summary>A page was read from swap: Space, Address, Frame, Count is the slot.</summary>
    SwappedIn,

    /// <summary>No frame could be had: Space of the victim, or 0.</summary>
    OutOfMemory,
}

/// <summary>One thing that memory management did, as a value; fields that the kind does not name are zero.</summary>
/// <param name="Kind">What happened.</param>
public readonly record struct MmEvent(MmEventKind Kind)
{
    /// <summary>The address space's id, or 0.</summary>
    public int Space { get; init; }

    /// <summary>The virtual address.</summary>
    public VirtAddr Address { get; init; }

    /// <summary>Where the entry lies in RAM.</summary>
    public PhysAddr Slot { get; init; }

    /// <summary>The entry before.</summary>
    public Pte Old { get; init; }

    /// <summary>The entry after.</summary>
    public Pte New { get; init; }

    /// <summary>The frame.</summary>
    public Pfn Frame { get; init; }

    /// <summary>How many, or which slot.</summary>
    public ulong Count { get; init; }

    /// <summary>The fault's kind.</summary>
    public FaultKind Fault { get; init; }
}

/// <summary>Listens to memory management; seeing changes nothing.</summary>
public interface IMmEvents
{
    /// <summary>True when it wants events of <paramref name="kind"/>; asked once, when it is set.</summary>
    bool Wants(MmEventKind kind) => true;

    /// <summary>Tells one event, in the order in which things happen.</summary>
    void Emit(in MmEvent happened);
}
