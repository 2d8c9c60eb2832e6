namespace MmuEmu.Emulator.Timing;

/// <summary>The fixed price of one thing that processors do.</summary>
/// <param name="Path">What.</param>
/// <param name="Cycles">Core cycles, at about 4 GHz.</param>
/// <param name="Bucket">Who owns the cycles.</param>
/// <param name="Note">Where the number comes from.</param>
public readonly record struct HardwareCostRow(HardwarePath Path, int Cycles, CpiBucket Bucket, string Note);

/// <summary>Prices of traps, flushes and interrupts between processors, the same for every preset that has any.</summary>
/// <remarks>[M] is a measurement on Zen 5, TSC ticks times 1.48 for core cycles; [A] a published figure; [D] documentation; (a) an assumption.</remarks>
public static class HardwareCosts
{
    /// <summary>One row each, in the order of <see cref="HardwarePath"/>.</summary>
    public static IReadOnlyList<HardwareCostRow> Rows { get; } =
    [
        new(HardwarePath.PageFaultDelivery,    500, CpiBucket.FaultEntryExit,   "(a) modern core; [A] 715 on Haswell, Torvalds 2014"),
        new(HardwarePath.InterruptReturn,      250, CpiBucket.FaultEntryExit,   "(a) modern core; [A] 330 on Haswell, Torvalds 2014"),
        new(HardwarePath.SyscallEntryExit,     500, CpiBucket.SyscallEntryExit, "[M] getppid 338 ticks"),
        new(HardwarePath.Invlpg,               220, CpiBucket.TlbFlush,         "[D] about 100 ns in Linux arch/x86/mm/tlb.c; 200 to 250 cycles"),
        new(HardwarePath.Cr3Flush,             250, CpiBucket.TlbFlush,         "(a)"),
        new(HardwarePath.Cr3NoFlush,           180, CpiBucket.TlbFlush,         "(a)"),
        new(HardwarePath.FlushAll,             400, CpiBucket.TlbFlush,         "(a) two moves to CR4 or one INVPCID"),
        new(HardwarePath.ShootdownSend,       2000, CpiBucket.TlbFlush,         "[A] 500 to send, 1000 to 2000 for the answer"),
        new(HardwarePath.ShootdownTarget,      200, CpiBucket.TlbFlush,         "(a)"),
    ];
}
