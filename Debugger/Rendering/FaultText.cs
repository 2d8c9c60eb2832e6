using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Rendering;

/// <summary>What the kernel took a fault for, in words.</summary>
internal static class FaultText
{
    /// <summary>A short name.</summary>
    public static string KindName(FaultKind kind) => kind switch
    {
        FaultKind.NoMapping => "no-mapping",
        FaultKind.NoRight => "no-right",
        FaultKind.Spurious => "spurious",
        FaultKind.Anonymous => "anonymous",
        FaultKind.File => "file",
        FaultKind.CopyOnWrite => "copy-on-write",
        FaultKind.Swap => "swap",
        FaultKind.Purged => "purged",
        FaultKind.UserFault => "userfault",
        FaultKind.HwPoison => "hwpoison",
    };

    /// <summary>The rows of the specification that say so; empty where it is plain Linux.</summary>
    public static IReadOnlyList<string> Rows(FaultKind kind) => kind switch
    {
        FaultKind.Purged => ["V-080", "V-082"],
        FaultKind.UserFault => ["U-040"],
        _ => [],
    };

    /// <summary>A sentence for people who meet the kind for the first time.</summary>
    public static string Explain(FaultKind kind) => kind switch
    {
        FaultKind.NoMapping => "No mapping covers the address, so the program gets SIGSEGV with SEGV_MAPERR.",
        FaultKind.NoRight => "A mapping covers the address but does not allow this access, so the program gets SIGSEGV with SEGV_ACCERR.",
        FaultKind.Spurious => "The tables allow the access; the TLB still held an older entry, which the fault has dropped.",
        FaultKind.Anonymous => "The first touch of an anonymous page: a read maps the shared page of zeros, a write takes a zeroed frame.",
        FaultKind.File => "The first touch of a page of a file: it is read and mapped.",
        FaultKind.CopyOnWrite => "A write to a page that is shared copy-on-write: the writer gets a copy of its own, or the page itself when nobody shares it any more.",
        FaultKind.Swap => "The page is in swap: it is read back into a frame.",
        FaultKind.Purged => "The page was volatile and its frame was taken back under memory pressure; while the range stays volatile every touch raises SIGBUS. vrange(addr, len, VRANGE_NONVOLATILE, &purged) makes it usable again, filled with zeros.",
        FaultKind.UserFault => "The address is a hole in a mapping under MADV_USERFAULT: touching it raises SIGBUS, and remap_anon_pages can fill it.",
        FaultKind.HwPoison => "The frame failed in hardware, so the program gets SIGBUS.",
    };
}
