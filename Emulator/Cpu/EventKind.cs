namespace MmuEmu.Emulator.Cpu;

/// <summary>The kinds of events that a processor delivers through its interrupt-descriptor table.</summary>
/// <remarks>
/// The same vector means different things by its kind: INT 13 is no general-protection exception.
/// Source: [SDM3 Interrupt and Exception Handling, "Sources of Interrupts", "Sources of Exceptions"]; [SDM2 "INT n/INTO/INT3/INT1"].
/// </remarks>
public enum EventKind : byte
{
    /// <summary>An exception that the processor raised itself.</summary>
    Exception,

    /// <summary>INT n.</summary>
    SoftwareInterrupt,

    /// <summary>INT3.</summary>
    SoftwareException,

    /// <summary>INT1.</summary>
    PrivilegedSoftwareException,

    /// <summary>A non-maskable interrupt.</summary>
    NonMaskableInterrupt,

    /// <summary>An interrupt of a device.</summary>
    ExternalInterrupt,
}

/// <summary>What belongs to a kind by itself.</summary>
public static class EventKinds
{
    /// <summary>True for INT n, INT3 and INT1: the program asked for the event.</summary>
    public static bool IsOfInstruction(this EventKind kind) =>
        kind is EventKind.SoftwareInterrupt or EventKind.SoftwareException or EventKind.PrivilegedSoftwareException;
}
