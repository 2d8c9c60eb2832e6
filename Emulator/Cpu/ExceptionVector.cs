namespace MmuEmu.Emulator.Cpu;

/// <summary>The processor's exceptions by vector number.</summary>
/// <remarks>Source: [SDM3 Interrupt and Exception Handling, "Exceptions and Interrupts"].</remarks>
public enum ExceptionVector : byte
{
    /// <summary>Divide error.</summary>
    DE = 0,

    /// <summary>Debug.</summary>
    DB = 1,

    /// <summary>Breakpoint (INT3).</summary>
    BP = 3,

    /// <summary>Overflow.</summary>
    OF = 4,

    /// <summary>Invalid opcode.</summary>
    UD = 6,

    /// <summary>Device not available.</summary>
    NM = 7,

    /// <summary>Double fault; error code 0.</summary>
    DF = 8,

    /// <summary>Invalid TSS; with error code.</summary>
    TS = 10,

    /// <summary>Segment not present; with error code.</summary>
    NP = 11,

    /// <summary>Stack fault; with error code.</summary>
    SS = 12,

    /// <summary>General protection; with error code.</summary>
    GP = 13,

    /// <summary>Page fault; with error code.</summary>
    PF = 14,

    /// <summary>x87 floating-point error.</summary>
    MF = 16,

    /// <summary>Alignment check; with error code 0.</summary>
    AC = 17,

    /// <summary>SIMD floating-point exception.</summary>
    XM = 19,
}
