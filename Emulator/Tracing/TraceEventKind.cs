using MmuEmu.Emulator.Paging;

namespace MmuEmu.Emulator.Tracing;

/// <summary>What a <see cref="TraceEvent"/> tells. The machine's own kinds come first; whoever runs it numbers its own from <see cref="FirstOfSoftware"/>.</summary>
public enum TraceEventKind : byte
{
    /// <summary>A data access to one page has been translated: Address, Frame, Count bytes; detail <see cref="AccessDetail"/>.</summary>
    Access,

    /// <summary>A walk has read its entries, and A and D are not yet set: Address; detail <see cref="WalkDetail"/>.</summary>
    Walk,

    /// <summary>The processor has set A or D in an entry: Address, Slot, Old, New; Number is its <see cref="PagingLevel"/>.</summary>
    EntryMarked,

    /// <summary>A translation has been put into the TLB: Address; detail <see cref="WalkDetail"/>.</summary>
    Fill,

    /// <summary>The MMU is about to report a page fault: Address; detail <see cref="WalkDetail"/>.</summary>
    PageFault,

    /// <summary>Translations have left the TLB: Address; detail <see cref="InvalidationDetail"/>.</summary>
    Invalidated,

    /// <summary>The first kind that is not the machine's.</summary>
    FirstOfSoftware = 8,

    /// <summary>No kind has this number or a greater one.</summary>
    End = 64,
}
