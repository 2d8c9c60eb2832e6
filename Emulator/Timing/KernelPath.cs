namespace MmuEmu.Emulator.Timing;

/// <summary>Things a kernel does at a fixed price; the lines it touches are priced apart.</summary>
public enum KernelPath : byte
{
    /// <summary>The processor delivers a page fault through the IDT.</summary>
    PageFaultDelivery,

    /// <summary>IRET back to the faulting instruction.</summary>
    InterruptReturn,

    /// <summary>The fault handler's way for a page that needs no device.</summary>
    MinorFault,

    /// <summary>What copy-on-write adds to a minor fault: the decision to copy, and the reverse map.</summary>
    CopyOnWrite,

    /// <summary>The fault handler's way for a page that a device holds, the device apart.</summary>
    MajorFault,

    /// <summary>SYSCALL entry and SYSRET exit of the kernel.</summary>
    SyscallEntryExit,

    /// <summary>mmap of one range.</summary>
    Mmap,

    /// <summary>munmap of one range, its pages apart.</summary>
    Munmap,

    /// <summary>mprotect of one range, its pages apart.</summary>
    Mprotect,

    /// <summary>madvise of one range, its pages apart.</summary>
    Madvise,

    /// <summary>mremap or remap_anon_pages of one range, its pages apart.</summary>
    Mremap,

    /// <summary>vrange of one range.</summary>
    Vrange,

    /// <summary>fork, its page-table copy apart.</summary>
    Fork,

    /// <summary>One page-table entry looked at or changed in a loop over a range.</summary>
    PtePerPage,

    /// <summary>One page looked at by the reclaimer.</summary>
    ReclaimPage,

    /// <summary>One INVLPG.</summary>
    Invlpg,

    /// <summary>MOV to CR3 that flushes.</summary>
    Cr3Flush,

    /// <summary>MOV to CR3 with bit 63 set.</summary>
    Cr3NoFlush,

    /// <summary>A flush of everything, global pages too.</summary>
    FlushAll,

    /// <summary>Sending a shootdown interrupt and waiting for the first processor to answer.</summary>
    ShootdownSend,

    /// <summary>Each further processor of a shootdown.</summary>
    ShootdownTarget,

    /// <summary>A switch to another thread, the refill of caches and TLBs apart.</summary>
    ContextSwitch,

    /// <summary>Delivery of a signal: frame set-up, the lines of the frame apart.</summary>
    SignalDelivery,

    /// <summary>rt_sigreturn.</summary>
    SignalReturn,

    /// <summary>The swap device reads one page.</summary>
    SwapIn,

    /// <summary>The swap device takes one page; the writer does not wait for the medium.</summary>
    SwapOut,
}
