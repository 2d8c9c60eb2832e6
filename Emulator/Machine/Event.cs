using MmuEmu.Emulator.Cpu;

namespace MmuEmu.Emulator.Machine;

/// <summary>An event on its way through the interrupt-descriptor table, and all that follows from its kind and vector.</summary>
/// <param name="Kind">What kind of event it is.</param>
/// <param name="Vector">The number of its gate.</param>
/// <param name="ErrorCode">The error code of an exception that has one.</param>
/// <remarks>
/// <code>
///  kind                checks DPL   EXT   error code   RF pushed       class        RIP of a fault on the way
///  exception           no           1     by vector    1 for a fault   by vector    where it is
///  INT n               yes          0     none         0               benign       back at the instruction
///  INT3                yes          0     none         0               benign       back at the instruction
///  INT1                no           1     none         0               benign       back at the instruction
///  NMI, device         no           1     none         as it is        benign       where it is
/// </code>
/// Source: [SDM2 "INT n/INTO/INT3/INT1"]; [SDM3 Interrupt and Exception Handling, "Error Code", "Interrupt 8—Double Fault Exception"];
/// RF: [SDM3 Debug, Branch Profile, TSC, and Intel Resource Director Technology Features, "Instruction-Breakpoint Exception Condition"].
/// </remarks>
internal readonly record struct Event(EventKind Kind, ExceptionVector Vector, uint ErrorCode)
{
    /// <summary>An exception.</summary>
    public static Event Exception(ExceptionVector vector, uint errorCode) => new(EventKind.Exception, vector, errorCode);

    /// <summary>An instruction asked for it: a fault on the way is a fault of that instruction, which has then not happened.</summary>
    public bool IsOfInstruction => Kind.IsOfInstruction();

    /// <summary>The gate has to be open to the level that the event comes from.</summary>
    public bool ChecksPrivilege => Kind is EventKind.SoftwareInterrupt or EventKind.SoftwareException;

    /// <summary>The EXT bit in the error codes of faults on the way.</summary>
    public uint External => ChecksPrivilege ? 0U : 1U;

    /// <summary>An error code is pushed.</summary>
    public bool HasErrorCode => Kind == EventKind.Exception && Vector is
        ExceptionVector.DF or ExceptionVector.TS or ExceptionVector.NP or ExceptionVector.SS
        or ExceptionVector.GP or ExceptionVector.PF or ExceptionVector.AC;

    /// <summary>What becomes of RF in the RFLAGS that are pushed.</summary>
    /// <remarks>#DB keeps it: an instruction breakpoint is a fault, and yet pushes RF as it was.</remarks>
    public ResumeFlag PushedRf =>
        IsOfInstruction ? ResumeFlag.Clear
        : Kind == EventKind.Exception && Vector is not (ExceptionVector.DB or ExceptionVector.DF) ? ResumeFlag.Set
        : ResumeFlag.AsItIs;

    /// <summary>It enters the handler of #DB as a debug exception, which clears DR7.GD; INT 1 with two bytes only uses its gate.</summary>
    public bool IsDebugException =>
        Vector == ExceptionVector.DB && Kind is EventKind.Exception or EventKind.PrivilegedSoftwareException;

    /// <summary>How it counts when a second fault follows.</summary>
    public EventClass Class => Kind != EventKind.Exception ? EventClass.Benign : Vector switch
    {
        ExceptionVector.DE or ExceptionVector.TS or ExceptionVector.NP or ExceptionVector.SS or ExceptionVector.GP => EventClass.Contributory,
        ExceptionVector.PF => EventClass.PageFault,
        ExceptionVector.DF => EventClass.DoubleFault,
        _ => EventClass.Benign,
    };

    /// <summary>What is delivered when <paramref name="fault"/> came up on the way: it, or #DF; null when the processor shuts down.</summary>
    public Event? Then(in Event fault) => (Class, fault.Class) switch
    {
        (EventClass.DoubleFault, _) => null,
        (EventClass.Contributory, EventClass.Contributory)
            or (EventClass.PageFault, EventClass.PageFault or EventClass.Contributory) => Exception(ExceptionVector.DF, 0),
        _ => fault,
    };
}

/// <summary>The classes of the double-fault table.</summary>
internal enum EventClass : byte
{
    /// <summary>A fault on its way is delivered in its turn.</summary>
    Benign,

    /// <summary>With another of its class it makes a double fault.</summary>
    Contributory,

    /// <summary>With another, or with a contributory one behind it, it makes a double fault.</summary>
    PageFault,

    /// <summary>Whatever follows shuts the processor down.</summary>
    DoubleFault,
}

/// <summary>RF in a pushed image of RFLAGS.</summary>
internal enum ResumeFlag : byte
{
    /// <summary>The register's own.</summary>
    AsItIs,

    /// <summary>1: the instruction is to be resumed past its breakpoint.</summary>
    Set,

    /// <summary>0.</summary>
    Clear,
}
