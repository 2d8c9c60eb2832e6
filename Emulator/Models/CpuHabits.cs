namespace MmuEmu.Emulator.Models;

/// <summary>What processors do differently where the architecture leaves a choice: each bit is one habit.</summary>
/// <remarks>
/// A habit is looked at when code is decoded, like a feature, so that no handler asks again. Who has which, what processors without it do
/// instead, and how that is known, is in <see cref="CpuHabitTable"/>.
/// </remarks>
[Flags]
public enum CpuHabits : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Shifts and rotates by more than one leave the OF of their first step, and shifts clear AF.</summary>
    ShiftFlagsOfFirstStep = 1UL << 0,

    /// <summary>ROL and ROR of a register by an immediate other than 1 leave OF alone.</summary>
    RotateByImmediateKeepsOverflow = 1UL << 1,

    /// <summary>MUL and IMUL set SF and PF from the low half of the product and clear ZF and AF.</summary>
    ProductSetsFlags = 1UL << 2,

    /// <summary>DIV and IDIV leave all flags alone.</summary>
    DivisionKeepsFlags = 1UL << 3,

    /// <summary>ANDN, BEXTR, BLSI, BLSMSK, BLSR and BZHI clear PF and AF.</summary>
    BitFieldsClearParity = 1UL << 4,

    /// <summary>LZCNT and TZCNT clear OF.</summary>
    ZeroCountClearsOverflow = 1UL << 5,

    /// <summary>RFLAGS.AC does not count for vector operands of 16 and 32 bytes: MOVUPS, LDDQU, PCMPxSTRx, VEX forms.</summary>
    VectorsEscapeAlignmentCheck = 1UL << 6,

    /// <summary>A fault in the middle of a repeated CMPS or SCAS shows the flags of before the instruction.</summary>
    FaultRestoresComparedFlags = 1UL << 7,

    /// <summary>A gather that faults leaves each mask element that is not done all ones or zero.</summary>
    GatherFaultSpreadsMask = 1UL << 8,

    /// <summary>MASKMOVDQU asks for the upper eight bytes of its operand first.</summary>
    MaskedStoreUpperHalfFirst = 1UL << 9,

    /// <summary>VMASKMOV and VPMASKMOV stores over two pages ask for the second by the last byte that they write.</summary>
    MaskedStoreFaultsAtLastByte = 1UL << 10,

    /// <summary>VCVTPS2PH to memory converts first: MXCSR and #XM come before faults of the store, and RFLAGS.AC does not count.</summary>
    HalvesConvertedBeforeStore = 1UL << 11,

    /// <summary>RCPPS and RSQRTPS look at eleven and ten bits of the fraction.</summary>
    ShortApproximations = 1UL << 12,

    /// <summary>DPPS and DPPD add up each lane for itself, so that lanes may keep different NaNs.</summary>
    DotProductLanesApart = 1UL << 13,

    /// <summary>CMPS, but for REPE CMPSB, reads [RDI] before [RSI].</summary>
    ComparesTargetFirst = 1UL << 14,

    /// <summary>A CALL to an address that is not canonical has written the return address when #GP comes; RSP is as before.</summary>
    CallPushesBeforeTarget = 1UL << 15,

    /// <summary>66H makes near branches 16-bit: RIP is truncated, the stack moves by two, the displacement has two bytes.</summary>
    NarrowNearBranches = 1UL << 32,

    /// <summary>MOVSXD with a 16-bit operand size reads four bytes.</summary>
    MovsxdReadsFour = 1UL << 33,

    /// <summary>0FH 0DH with a register is no instruction.</summary>
    PrefetchNeedsMemory = 1UL << 34,

    /// <summary>UD0 and UD1 end with their opcode.</summary>
    UndefinedWithoutOperand = 1UL << 35,

    /// <summary>F3H 90H is PAUSE whatever REX.B says.</summary>
    PauseIgnoresRexB = 1UL << 36,

    /// <summary>LOCK MOV CR0 names CR8.</summary>
    LockedCr0IsCr8 = 1UL << 37,

    /// <summary>The offset of a far pointer in memory has at most 32 bits.</summary>
    ShortFarPointers = 1UL << 38,

    /// <summary>SYSRET checks its target while CPL is still 0.</summary>
    SysretChecksTarget = 1UL << 39,

    /// <summary>SYSRET makes the RPL of SS 3.</summary>
    SysretSetsStackLevel = 1UL << 40,

    /// <summary>SYSENTER and SYSEXIT exist in long mode.</summary>
    SysenterInLongMode = 1UL << 41,

    /// <summary>An instruction breakpoint behind a load of SS is reported.</summary>
    BreakpointBehindStackSegment = 1UL << 42,

    /// <summary>Under FS and GS the offset has to be canonical by itself.</summary>
    CanonicalOffsets = 1UL << 43,

    /// <summary>VPERMQ and VPERMPD do not look at VEX.W.</summary>
    PermuteIgnoresW = 1UL << 44,

    /// <summary>62H and a second byte that names no map are no instruction, whatever follows.</summary>
    EvexMapComesFirst = 1UL << 45,

    /// <summary>FXSAVE and XSAVE save FOP, FIP and FDP whether or not an unmasked x87 exception is pending.</summary>
    FpuPointersAlwaysSaved = 1UL << 16,

    /// <summary>FOP and FDP are of the last x87 instruction that raised an unmasked exception.</summary>
    FpuOperandOfExceptions = 1UL << 17,

    /// <summary>FCS and FDS are saved as zero.</summary>
    FpuSelectorsAreZero = 1UL << 18,

    /// <summary>FXRSTOR64 and XRSTOR64 take FDP as it is; else its bit 56 is repeated above.</summary>
    FpuOperandLoadedWhole = 1UL << 19,

    /// <summary>An x87 store that an unmasked exception forbids does not look at memory.</summary>
    BlockedFpuStoreIsNoAccess = 1UL << 20,

    /// <summary>FSTP of an extended real and FBSTP store eight bytes, then two: a fault of the two finds the eight stored.</summary>
    TenBytesStoredInParts = 1UL << 21,

    /// <summary>MOVD, MOVQ and MOVNTQ from an MMX register have set TOP to 0 when their store faults.</summary>
    MmxStoreClearsTopFirst = 1UL << 22,

    /// <summary>MXCSR has MM, the misaligned SSE mode.</summary>
    MisalignedSse = 1UL << 23,

    /// <summary>A misaligned area of XSAVE and kin is #AC under RFLAGS.AC.</summary>
    XsaveChecksAlignment = 1UL << 24,

    /// <summary>XSAVEC asks for its header before the rest of its area.</summary>
    XsavecHeaderFirst = 1UL << 25,

    /// <summary>Under a 32-bit address size VMASKMOV and VPMASKMOV wrap the address of each element at 4 GiB.</summary>
    MaskedMoveWrapsNarrowly = 1UL << 49,

    /// <summary>A debug trap behind an iteration of a repeated string instruction that is not its last shows RF set.</summary>
    TrapBetweenIterationsSetsResume = 1UL << 48,
}
