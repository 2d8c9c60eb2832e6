using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Paging;

namespace MmuEmu.Emulator.Cpu;

/// <summary>Why the core stopped running.</summary>
public enum CoreExitKind : byte
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>The instruction budget is spent.</summary>
    BudgetSpent,

    /// <summary>SYSCALL retired: RIP is behind it, RCX holds RIP, R11 holds RFLAGS; or INT 80H did, and RIP alone is changed.</summary>
    Syscall,

    /// <summary>A page fault: RIP is at the instruction, and nothing but A bits and CR2 has changed.</summary>
    PageFault,

    /// <summary>Any other exception; for faults RIP is at the instruction, for traps (#DB, #BP) behind it.</summary>
    Exception,

    /// <summary>HLT retired: RIP is behind it.</summary>
    Halt,

    /// <summary>IN, OUT, INS or OUTS: RIP is behind it, or at a string instruction that goes on; for IN the runner puts the value into RAX.</summary>
    Port,

    /// <summary>A fault while delivering a double fault: the processor is shut down.</summary>
    TripleFault,
}

/// <summary>Why the core stopped, as a value: the door between the machine and whoever runs it.</summary>
public struct CoreExit
{
    /// <summary>Which of the fields below count.</summary>
    public CoreExitKind Kind;

    /// <summary>The gate that a hosted kernel opens for system calls beside SYSCALL.</summary>
    public const ExceptionVector CallGate = (ExceptionVector)0x80;

    /// <summary>Exception: its vector. Syscall: <see cref="CallGate"/> for INT 80H, 0 for SYSCALL.</summary>
    public ExceptionVector Vector;

    /// <summary>Exception: its error code, 0 where it has none.</summary>
    public uint ErrorCode;

    /// <summary>Exception: what kind of event it is; <see cref="EventKind.Exception"/> unless an instruction asked for it.</summary>
    public EventKind Event;

    /// <summary>Exception that an instruction asked for: where that stands; RIP is behind it.</summary>
    public ulong AskedAt;

    /// <summary>PageFault: CR2 and the error code.</summary>
    public PageFault Fault;

    /// <summary>PageFault: the entries the walk read.</summary>
    public WalkPath Path;

    /// <summary>Port: the port number.</summary>
    public ushort Port;

    /// <summary>Port: bytes moved, 1, 2 or 4.</summary>
    public byte PortBytes;

    /// <summary>Port: true for INS, which comes again and takes its value from <see cref="Vcpu.PortReply"/>.</summary>
    public bool PortAgain;

    /// <summary>Port: true for OUT and OUTS.</summary>
    public bool PortOut;

    /// <summary>Port: the value written by OUT or OUTS.</summary>
    public uint PortValue;

    /// <summary>Exception #UD: true when the instruction exists but this core does not know it; it leaves with <see cref="TrapMode.Idt"/> too.</summary>
    public bool Unsupported;

    /// <summary>Exception #UD: the features that the instruction needs and the model lacks; None when that is not the cause.</summary>
    public CpuFeatures Missing;

    /// <summary>Exception: true when INT n, INT3 or INT1 asked for it.</summary>
    public readonly bool FromInstruction => Event.IsOfInstruction();
}
