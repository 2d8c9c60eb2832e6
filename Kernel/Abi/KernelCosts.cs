using MmuEmu.Emulator.Timing;

namespace MmuEmu.Kernel.Abi;

/// <summary>The fixed price of one kernel path.</summary>
/// <param name="Path">The path.</param>
/// <param name="Cycles">Core cycles of one passage, at about 4 GHz.</param>
/// <param name="Bucket">Who owns the cycles.</param>
/// <param name="Note">Where the number comes from.</param>
internal readonly record struct KernelCostRow(KernelPath Path, int Cycles, CpiBucket Bucket, string Note)
{
    /// <summary>The same as the machine's clock takes it.</summary>
    public SoftwareCost Cost => new((int)Path, Cycles, Bucket);
}

/// <summary>Prices of kernel paths; the kernel is not made of guest instructions, so its work is priced by the path.</summary>
/// <remarks>
/// [M] is a measurement on Linux 6.18 in a virtual machine on Zen 5, minimum of many, TSC ticks times 1.48 for core cycles;
/// [A] a published figure; (a) an assumption. Lines that a path touches are priced apart, through the caches.
/// </remarks>
internal static class KernelCosts
{
    /// <summary>One row per path, in the order of <see cref="KernelPath"/>.</summary>
    public static IReadOnlyList<KernelCostRow> Rows { get; } =
    [
        new(KernelPath.MinorFault,          1000, CpiBucket.KernelPath,       "[M] zero-page read 2578 in all, less entry and exit in a VM"),
        new(KernelPath.CopyOnWrite,          300, CpiBucket.KernelPath,       "[M] a copying fault takes 1.39 times a zeroing one"),
        new(KernelPath.MajorFault,          5000, CpiBucket.KernelPath,       "(a) software path of swap-in"),
        new(KernelPath.Mmap,                3000, CpiBucket.KernelPath,       "(a) as munmap"),
        new(KernelPath.Munmap,              3000, CpiBucket.KernelPath,       "(a) [M] 7566 ticks with the page and its flush in a VM"),
        new(KernelPath.Mprotect,            4000, CpiBucket.KernelPath,       "[M] 5174 ticks for one page, less entry, exit and flush"),
        new(KernelPath.Madvise,             3000, CpiBucket.KernelPath,       "[M] MADV_FREE 2314 ticks for one page, less entry and exit"),
        new(KernelPath.Mremap,              6000, CpiBucket.KernelPath,       "(a) a split, a copy and a flush"),
        new(KernelPath.Vrange,              3000, CpiBucket.KernelPath,       "(a) as madvise"),
        new(KernelPath.Fork,               50000, CpiBucket.KernelPath,       "(a) task and address-space set-up"),
        new(KernelPath.PtePerPage,            20, CpiBucket.KernelPath,       "(a) one turn of a loop over entries"),
        new(KernelPath.ReclaimPage,          400, CpiBucket.KernelPath,       "(a) one page of a list scan with its reverse map"),
        new(KernelPath.ContextSwitch,       5000, CpiBucket.ContextSwitch,    "[M] pipe switch 5525 ticks one way, two system calls included"),
        new(KernelPath.SignalDelivery,      3000, CpiBucket.Signal,           "(a) [M] SIGSEGV, mprotect and retry 16536 ticks in all in a VM"),
        new(KernelPath.SignalReturn,        1500, CpiBucket.Signal,           "(a)"),
        new(KernelPath.SwapIn,             10000, CpiBucket.Device,           "(a) compressed RAM: 8 to 12 thousand to unpack"),
        new(KernelPath.SwapOut,            12000, CpiBucket.Device,           "(a) compressed RAM: packing costs a little more"),
    ];
}
