namespace MmuEmu.Emulator.Timing;

/// <summary>Things that processors do at a fixed price and that are no instruction's own: traps, flushes, interrupts between them.</summary>
public enum HardwarePath : byte
{
    /// <summary>The processor delivers a page fault through the IDT.</summary>
    PageFaultDelivery,

    /// <summary>IRET back to the faulting instruction.</summary>
    InterruptReturn,

    /// <summary>SYSCALL into a kernel and SYSRET back, with the first and last instructions there.</summary>
    SyscallEntryExit,

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
}
