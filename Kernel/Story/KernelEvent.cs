using MmuEmu.Emulator.Tracing;

namespace MmuEmu.Kernel.Story;

/// <summary>The kernel's own kinds of events, beside the machine's. Fields that a kind does not name are zero.</summary>
public static class KernelEvent
{
    /// <summary>A page fault was classified: Space, Address, Number is the <see cref="Abi.FaultKind"/>, Argument the error code; Old is the entry that was met.</summary>
    public const TraceEventKind FaultClassified = TraceEventKind.FirstOfSoftware;

    /// <summary>A page-table entry was changed by the kernel: Space, Address, Slot, Old, New.</summary>
    public const TraceEventKind EntryChanged = FaultClassified + 1;

    /// <summary>A block of frames was taken: Frame, Count.</summary>
    public const TraceEventKind FrameTaken = EntryChanged + 1;

    /// <summary>A block of frames went back to the free lists: Frame, Count.</summary>
    public const TraceEventKind FrameFreed = FrameTaken + 1;

    /// <summary>The TLBs were told: Space, Address, Count pages, 0 for everything of the space.</summary>
    public const TraceEventKind Flush = FrameFreed + 1;

    /// <summary>Reclaim looked at pages: Count.</summary>
    public const TraceEventKind Scanned = Flush + 1;

    /// <summary>A lazy-free page was dropped: Frame; Space and Address of its first mapping, if it had one.</summary>
    public const TraceEventKind LazyFreed = Scanned + 1;

    /// <summary>A volatile page was purged: Space, Address, Frame; detail <see cref="CauseDetail"/>.</summary>
    public const TraceEventKind Purged = LazyFreed + 1;

    /// <summary>A page was written to swap: Frame, Count is the slot.</summary>
    public const TraceEventKind SwappedOut = Purged + 1;

    /// <summary>A page was read from swap: Space, Address, Frame, Count is the slot; detail <see cref="CauseDetail"/>.</summary>
    public const TraceEventKind SwappedIn = SwappedOut + 1;

    /// <summary>No frame could be had.</summary>
    public const TraceEventKind OutOfMemory = SwappedIn + 1;

    /// <summary>A page fault of user code was handled, and the instruction runs again: Address; the detail is a FaultDetail.</summary>
    public const TraceEventKind FaultHandled = OutOfMemory + 1;

    /// <summary>A page fault of user code ends in a signal: Address; the detail is a FaultDetail.</summary>
    public const TraceEventKind FaultSignalled = FaultHandled + 1;

    /// <summary>A system call begins, its arguments in the registers: Number; detail <see cref="SyscallDetail"/>.</summary>
    public const TraceEventKind SyscallEntry = FaultSignalled + 1;

    /// <summary>A system call has its result: Number; detail <see cref="SyscallDetail"/>.</summary>
    public const TraceEventKind SyscallReturn = SyscallEntry + 1;

    /// <summary>A system call is about to change what a range means: Space, Address, Count bytes, Number of the call, Argument the third.</summary>
    public const TraceEventKind RangeCall = SyscallReturn + 1;

    /// <summary>A signal was delivered, ignored or fatal: detail <see cref="SignalDetail"/>.</summary>
    public const TraceEventKind Signal = RangeCall + 1;

    /// <summary>The guest set a mark: detail <see cref="MarkDetail"/>.</summary>
    public const TraceEventKind Mark = Signal + 1;

    /// <summary>A process or thread began, changed its program or ended: detail <see cref="TaskDetail"/>.</summary>
    public const TraceEventKind Task = Mark + 1;

    /// <summary>A pressure rule fires, and acts next: Number of the rule, from 0; detail <see cref="RuleDetail"/>.</summary>
    public const TraceEventKind RuleFired = Task + 1;

    /// <summary>MADV_FREE has marked a page as lazy-free: Frame; Space and Address of its first mapping.</summary>
    public const TraceEventKind LazyMarked = RuleFired + 1;

    /// <summary>Reclaim left a lazy-free page, an ordinary one from now on, because it was written since: Old is the entry with D, 0 when the page itself is known to be dirty.</summary>
    /// <remarks>
    /// All kinds from here on say why reclaim left a page: Frame; Space and Address of the mapping that decided, else of the first one, if any;
    /// Number is 1 for a page that is lazy-free, 2 for one that was until now, else 0.
    /// </remarks>
    public const TraceEventKind KeptDirty = LazyMarked + 1;

    /// <summary>Reclaim left a page because it was used since the last look: Count entries had A, which is clear now.</summary>
    public const TraceEventKind KeptUsed = KeptDirty + 1;

    /// <summary>Reclaim left a page because a mapping that is locked by mlock holds it.</summary>
    public const TraceEventKind KeptMlocked = KeptUsed + 1;

    /// <summary>Reclaim left a page because somebody besides its entries refers to it.</summary>
    public const TraceEventKind KeptPinned = KeptMlocked + 1;

    /// <summary>Reclaim left a page because somebody works on it just now.</summary>
    public const TraceEventKind KeptBusy = KeptPinned + 1;

    /// <summary>Reclaim left an anonymous page because no swap slot is free.</summary>
    public const TraceEventKind KeptNoSwap = KeptBusy + 1;

    /// <summary>Reclaim left a page because its content has no place to go but memory.</summary>
    public const TraceEventKind KeptHomeless = KeptNoSwap + 1;

    /// <summary>A fork has copied an address space: Space is the copy, Number the one it was made from.</summary>
    public const TraceEventKind SpaceCopied = KeptHomeless + 1;

    /// <summary>A system call answers EFAULT: Space, Address is the byte it could not reach, Number of the call; detail <see cref="SyscallDetail"/>.</summary>
    public const TraceEventKind CopyRefused = SpaceCopied + 1;

    /// <summary>A handler takes a SIGBUS for a page that cannot be had: Address; Number is the <see cref="Abi.FaultKind"/> of the last fault.</summary>
    public const TraceEventKind BusTaken = CopyRefused + 1;

    /// <summary>A thread is about to go on in user code: Space.</summary>
    public const TraceEventKind UserEntry = BusTaken + 1;

    /// <summary>User code has stopped: Number is the <see cref="Emulator.Cpu.CoreExitKind"/>, Argument 1 when the instruction of this T has begun and did not retire.</summary>
    public const TraceEventKind UserExit = UserEntry + 1;

    /// <summary>A terminal's signal arrives, and is sent next: Number of the signal; Count steps of the run are over that began at this T.</summary>
    public const TraceEventKind TerminalSignal = UserExit + 1;

    /// <summary>The fault handler has looked for the mapping of an address: Space, Address; Number 1 when one covers it by now, 0 when none does; detail MappingDetail with a 1.</summary>
    public const TraceEventKind MappingSought = TerminalSignal + 1;

    /// <summary>The fault handler has compared the access with the mapping's rights: Space, Address, Argument the error code; Number 1 when they allow it, otherwise 0.</summary>
    public const TraceEventKind RightsChecked = MappingSought + 1;

    /// <summary>A copy between user memory and a file page has come to a point: Space, Address the user's first byte, Number of the copy, Argument the point, Count bytes copied.</summary>
    public const TraceEventKind CopyPassed = RightsChecked + 1;

    /// <summary>A task that has an atomic window goes to sleep: Space, Address of the user's byte, Number of the copy.</summary>
    public const TraceEventKind AtomicSleep = CopyPassed + 1;

    /// <summary>A fault is served for a task that has an atomic window: Space, Address, Number of the copy.</summary>
    public const TraceEventKind AtomicFault = AtomicSleep + 1;

    /// <summary>A fault is refused for a task that has an atomic window, and its copy falls short: Space, Address, Number of the copy, Count bytes copied.</summary>
    public const TraceEventKind AtomicRefused = AtomicFault + 1;

    /// <summary>A store or load through a window has found no page: Address in the kernel's range, Number of the copy.</summary>
    public const TraceEventKind WindowOops = AtomicRefused + 1;

    /// <summary>A window of a copy leads to another frame than the one that it was opened on: Address in the kernel's range, Frame it leads to, Count the frame it was opened on, Number of the copy.</summary>
    public const TraceEventKind WindowStolen = WindowOops + 1;

    /// <summary>Tasks wait for one another's locks in a circle: Count tasks.</summary>
    public const TraceEventKind LockCycle = WindowStolen + 1;

    /// <summary>The out-of-memory killer was asked, and kills nobody: Count free swap slots.</summary>
    public const TraceEventKind KillRefused = LockCycle + 1;
}
