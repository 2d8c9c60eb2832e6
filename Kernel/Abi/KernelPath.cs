namespace MmuEmu.Kernel.Abi;

/// <summary>Things this kernel does at a fixed price; the lines it touches are priced apart, and so is what the processor does for it.</summary>
public enum KernelPath : byte
{
    /// <summary>The fault handler's way for a page that needs no device.</summary>
    MinorFault,

    /// <summary>What copy-on-write adds to a minor fault: the decision to copy, and the reverse map.</summary>
    CopyOnWrite,

    /// <summary>The fault handler's way for a page that a device holds, the device apart.</summary>
    MajorFault,

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
