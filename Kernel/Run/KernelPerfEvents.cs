using MmuEmu.Emulator.Timing;
using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Run;

/// <summary>What <c>perf</c> and /proc/vmstat call the kernel's own counts.</summary>
/// <remarks>Source: [Linux include/uapi/linux/perf_event.h, perf_sw_ids; mm/vmstat.c, vmstat_text].</remarks>
public static class KernelPerfEvents
{
    /// <summary>The counts of the processor that <paramref name="model"/> is the clock of.</summary>
    public static IReadOnlyList<PerfReading> Read(CycleModel model) =>
    [
        new("page-faults", model.CountOf(HardwarePath.PageFaultDelivery), "faults", "taken by instructions, fatal ones too"),
        new("minor-faults", Count(model, KernelPath.MinorFault), "faults", "handled without a device, pre-faulting included"),
        new("major-faults", Count(model, KernelPath.MajorFault), "faults", "a device had to be read"),
        new("context-switches", Count(model, KernelPath.ContextSwitch), "switches", "to another thread"),
        new("nr_tlb_local_flush_one", model.CountOf(HardwarePath.Invlpg), "flushes", "INVLPG by the kernel"),
        new("nr_tlb_local_flush_all", model.CountOf(HardwarePath.FlushAll), "flushes", "everything flushed by the kernel"),
        new("pswpin", Count(model, KernelPath.SwapIn), "pages", "read from swap"),
        new("pswpout", Count(model, KernelPath.SwapOut), "pages", "written to swap"),
    ];

    private static ulong Count(CycleModel model, KernelPath path) => model.CountOfSoftware((int)path);
}
