namespace MmuEmu.Emulator.Timing;

/// <summary>Instructions that cost the same; a memory operand is priced apart.</summary>
public enum InstructionClass : byte
{
    /// <summary>Does nothing, or only moves within the register file: NOP, ENDBR64.</summary>
    Nop,

    /// <summary>Integer moves between registers and from memory, and to memory.</summary>
    Move,

    /// <summary>ADD, SUB, AND, OR, XOR, CMP, TEST, NOT, NEG, INC, DEC, LEA, SETcc, CMOVcc and kin.</summary>
    Alu,

    /// <summary>Shifts and rotates by a count.</summary>
    Shift,

    /// <summary>SHLD, SHRD, and rotates through carry.</summary>
    DoubleShift,

    /// <summary>BSF, BSR, TZCNT, LZCNT, POPCNT.</summary>
    BitScan,

    /// <summary>Integer multiplication.</summary>
    Multiply,

    /// <summary>Integer division with an operand of 8, 16 or 32 bits.</summary>
    Divide32,

    /// <summary>Integer division with an operand of 64 bits.</summary>
    Divide64,

    /// <summary>PUSH, POP, LEAVE: a move and a step of the stack pointer.</summary>
    Stack,

    /// <summary>Jumps, conditional or not.</summary>
    Branch,

    /// <summary>CALL and RET.</summary>
    CallReturn,

    /// <summary>One iteration of MOVS, STOS, LODS, SCAS or CMPS.</summary>
    StringStep,

    /// <summary>Locked read-modify-write instructions, and XCHG with memory.</summary>
    Locked,

    /// <summary>SSE and SSE2 moves, shuffles, logic and integer arithmetic.</summary>
    VectorInteger,

    /// <summary>SSE2 integer multiplication.</summary>
    VectorMultiply,

    /// <summary>Floating-point additions, subtractions, comparisons, minimum and maximum.</summary>
    FloatAdd,

    /// <summary>Floating-point multiplications.</summary>
    FloatMultiply,

    /// <summary>Floating-point divisions.</summary>
    FloatDivide,

    /// <summary>Floating-point square roots.</summary>
    FloatSquareRoot,

    /// <summary>Conversions between integers and floating point, and between their widths.</summary>
    Convert,

    /// <summary>x87 instructions other than division, square root and the transcendental ones.</summary>
    X87,

    /// <summary>x87 transcendental instructions, and saving or restoring the x87 and SSE state.</summary>
    Microcoded,

    /// <summary>Fences, RDTSC, and other instructions that wait for those before them.</summary>
    Fence,

    /// <summary>CPUID, moves to control registers, IRET and other serialising instructions; INVLPG and MOV to CR3 add their own price.</summary>
    Serialising,

    /// <summary>SYSCALL and SYSRET: the instruction alone; the kernel's entry and exit are priced apart.</summary>
    SystemCall,
}
