namespace MmuEmu.Emulator.Models;

/// <summary>A habit, and who has it.</summary>
/// <param name="Habit">The habit, one bit.</param>
/// <param name="Has">The vendor whose model has it; null where only another generation of one does.</param>
/// <param name="Subject">What differs, for people.</param>
/// <param name="Amd">What AMD's processors do.</param>
/// <param name="Intel">What Intel's processors do.</param>
/// <param name="Source">How it is known: a manual by its title, or what was measured.</param>
public sealed record CpuHabitRow(CpuHabits Habit, CpuVendor? Has, string Subject, string Amd, string Intel, string Source);

/// <summary>Every habit: the one table behind the vendors, printed in docs/vendors.md.</summary>
public static class CpuHabitTable
{
    private const string Measured = "measured: records of both";

    private const string MeasuredForms = "measured: single encodings on both";

    /// <summary>Of single encodings; before <see cref="Rows"/>, which holds them too.</summary>
    private static readonly CpuHabitRow[] Forms =
    [
        new(
            CpuHabits.NarrowNearBranches, CpuVendor.Amd, "66H before near branches, unless REX.W is there",
            "16-bit: two bytes of displacement and of stack, RIP truncated when the branch is taken", "ignored",
            "[APM3 \"Jcc\", \"JMP (Near)\", \"CALL (Near)\", \"RET (Near)\", \"LOOP\"]; [SDM2 \"Jcc\", \"JMP\"]; " + MeasuredForms),
        new(
            CpuHabits.MovsxdReadsFour, CpuVendor.Amd, "MOVSXD with a 16-bit operand size, from memory",
            "reads four bytes", "reads two bytes", "[SDM2 \"MOVSX/MOVSXD\"]; " + MeasuredForms),
        new(
            CpuHabits.PrefetchNeedsMemory, CpuVendor.Amd, "0FH 0DH (PREFETCHW) with a register",
            "#UD", "a NOP", MeasuredForms),
        new(
            CpuHabits.UndefinedWithoutOperand, CpuVendor.Amd, "UD0 and UD1: length, and which page a fetch asks for",
            "end with the opcode", "a ModRM byte and its operand are fetched; memory is not accessed", "[SDM2 \"UD\"]; " + MeasuredForms),
        new(
            CpuHabits.PauseIgnoresRexB, CpuVendor.Intel, "F3H 90H with REX.B",
            "exchanges R8 with the accumulator", "PAUSE", MeasuredForms),
        new(
            CpuHabits.LockedCr0IsCr8, CpuVendor.Amd, "LOCK MOV to or from CR0, and CPUID 8000_0001H:ECX.AltMovCr8",
            "MOV to or from CR8; the bit is set", "#UD; the bit is clear", "[APM3 \"MOV CRn\"]; at CPL 3 " + MeasuredForms),
        new(
            CpuHabits.ShortFarPointers, CpuVendor.Amd, "LSS, LFS, LGS, far JMP and far CALL with REX.W",
            "m16:32; LSS, LFS and LGS extend the offset with zeroes, CALL pushes words of eight bytes",
            "m16:64", "[SDM2 \"LDS/LES/LFS/LGS/LSS\", \"JMP\", \"CALL\"]; " + MeasuredForms),
        new(
            CpuHabits.SysretChecksTarget, CpuVendor.Intel, "SYSRET to an address that is not canonical",
            "loaded; #GP at CPL 3 when the next instruction is fetched", "#GP at CPL 0, at SYSRET", "[SDM2 \"SYSRET\"]; [APM3 \"SYSRET\"]"),
        new(
            CpuHabits.SysretSetsStackLevel, CpuVendor.Intel, "SS after SYSRET",
            "STAR[63:48] + 8 as it is; base, limit and attributes are kept, which nothing shows in 64-bit mode", "its RPL is 3; the attributes are fixed",
            "[SDM2 \"SYSRET\"]; [APM3 \"SYSRET\"]"),
        new(
            CpuHabits.SysenterInLongMode, CpuVendor.Intel, "SYSENTER and SYSEXIT in long mode",
            "#UD; SYSEXIT outside CPL 0 is #GP", "they exist", "[SDM2 \"SYSENTER\", \"SYSEXIT\"]; [APM3 \"SYSENTER\", \"SYSEXIT\"]; at CPL 3 measured on AMD"),
        new(
            CpuHabits.BreakpointBehindStackSegment, CpuVendor.Amd, "an instruction breakpoint on the instruction behind MOV SS or POP SS",
            "reported", "not reported",
            "[SDM3 Interrupt and Exception Handling, \"Masking Exceptions and Interrupts When Switching Stacks\"]; [Linux arch/x86/kvm/x86.c \"kvm_vcpu_check_code_breakpoint\"]"),
        new(
            CpuHabits.CanonicalOffsets, CpuVendor.Amd, "memory operands under FS or GS",
            "first and last byte have to be canonical before the base is added and after it", "the sum alone counts",
            "[SDM1 \"Canonical Addressing\"]; measured: records of both"),
        new(
            CpuHabits.PermuteIgnoresW, CpuVendor.Amd, "VPERMQ and VPERMPD by an immediate with VEX.W = 0",
            "as with VEX.W = 1", "#UD", "[SDM2 \"VPERMQ\", \"VPERMPD\"]; " + MeasuredForms),
        new(
            CpuHabits.EvexMapComesFirst, CpuVendor.Intel, "62H with map 0 as the last two bytes of a page",
            "the next page is asked for first", "#UD at once", MeasuredForms),
    ];

    /// <summary>The habits, by subject.</summary>
    public static IReadOnlyList<CpuHabitRow> Rows { get; } =
    [
        new(
            CpuHabits.ShiftFlagsOfFirstStep, CpuVendor.Intel, "OF and AF after SHL, SHR, SAR, RCL, RCR, SHLD, SHRD, and ROL and ROR by CL",
            "OF of the last step of one bit; shifts set AF", "OF of the first step; shifts clear AF", Measured),
        new(
            CpuHabits.RotateByImmediateKeepsOverflow, CpuVendor.Intel, "OF after ROL and ROR of a register by an immediate that is not 1",
            "that of the last step", "as before", Measured),
        new(
            CpuHabits.ProductSetsFlags, CpuVendor.Intel, "SF, ZF, AF, PF after MUL and IMUL",
            "as before", "SF and PF of the low half, ZF and AF clear", Measured),
        new(
            CpuHabits.DivisionKeepsFlags, CpuVendor.Intel, "flags after DIV and IDIV",
            "SF, ZF, PF clear, AF set, CF and OF as before", "all as before", Measured),
        new(
            CpuHabits.BitFieldsClearParity, CpuVendor.Intel, "PF and AF after ANDN, BEXTR, BLSI, BLSMSK, BLSR, BZHI",
            "PF of the result; BEXTR sets AF", "both clear", Measured),
        new(
            CpuHabits.ZeroCountClearsOverflow, CpuVendor.Intel, "OF after LZCNT and TZCNT",
            "as before", "clear", Measured),
        new(
            CpuHabits.VectorsEscapeAlignmentCheck, CpuVendor.Intel, "#AC of vector operands of 16 and 32 bytes under RFLAGS.AC: MOVUPS, MOVDQU, LDDQU, PCMPxSTRx, VEX loads and stores",
            "raised unless aligned to 16 bytes", "never raised", Measured),
        new(
            CpuHabits.FaultRestoresComparedFlags, CpuVendor.Intel, "arithmetic flags at a fault in the middle of a repeated CMPS or SCAS",
            "those of the last comparison", "those of before the instruction", Measured),
        new(
            CpuHabits.GatherFaultSpreadsMask, CpuVendor.Intel, "mask register of a gather that faults, from the faulting element on",
            "as it was", "each element all ones or zero, as its sign says", Measured),
        new(
            CpuHabits.MaskedStoreUpperHalfFirst, CpuVendor.Intel, "order of MASKMOVDQU's halves, seen in the address of a fault",
            "lower first", "upper first", Measured),
        new(
            CpuHabits.MaskedStoreFaultsAtLastByte, CpuVendor.Intel, "address of a fault on the second page of a VMASKMOV or VPMASKMOV store",
            "the first byte there that is written", "the last byte that is written", Measured),
        new(
            CpuHabits.HalvesConvertedBeforeStore, CpuVendor.Intel, "VCVTPS2PH to memory whose store faults",
            "the fault comes first, MXCSR stays", "MXCSR and #XM come first; eight bytes escape RFLAGS.AC", Measured),
        new(
            CpuHabits.ShortApproximations, CpuVendor.Intel, "bits of RCPPS, RCPSS, RSQRTPS, RSQRTSS",
            "tables of 4,096 entries by 12 bits of the fraction", "2,048 by 11 bits; roots 1,024 by 10", "measured: all sources of both"),
        new(
            CpuHabits.DotProductLanesApart, CpuVendor.Intel, "which NaN DPPS and DPPD keep",
            "one sum for all lanes, the lower operand first", "each lane sums for itself; its neighbour comes first but in the last addition", Measured),
        new(
            CpuHabits.ComparesTargetFirst, CpuVendor.Intel, "which operand of CMPS is read first, seen where both fault",
            "[RSI] (Zen 5; Zen 4 reads [RDI] first, but for REPE CMPSB)", "[RDI]", Measured),
        new(
            CpuHabits.CallPushesBeforeTarget, CpuVendor.Intel, "memory below the stack when CALL goes to an address that is not canonical",
            "untouched", "holds the return address", Measured),
        new(
            CpuHabits.FpuPointersAlwaysSaved, CpuVendor.Intel, "FOP, FIP, FDP that FXSAVE and XSAVE save while no unmasked x87 exception is pending",
            "zero", "those of the last instruction", "[APM2 \"Saving Media and x87 State\"], [SDM2 \"FXSAVE\"]; records of both"),
        new(
            CpuHabits.FpuOperandOfExceptions, CpuVendor.Intel, "which x87 instruction FOP and FDP are of",
            "the last one that is no control instruction, as FIP",
            "the last one that raised an unmasked exception", "[SDM1 \"x87 FPU Instruction and Data (Operand) Pointers\"]; records of both"),
        new(
            CpuHabits.FpuSelectorsAreZero, CpuVendor.Intel, "FCS and FDS", "saved and restored", "zero", "[SDM1 \"x87 FPU Instruction and Data (Operand) Pointers\"]"),
        new(
            CpuHabits.FpuOperandLoadedWhole, CpuVendor.Intel, "FDP that FXRSTOR64 and XRSTOR64 load; both repeat bit 56 of FIP above it",
            "bit 56 repeated above it", "as it is", Measured),
        new(
            CpuHabits.BlockedFpuStoreIsNoAccess, CpuVendor.Intel, "faults of FST, FIST, FISTTP, FBSTP to memory whose unmasked exception forbids to store",
            "#AC and page faults come first", "memory is not asked for", Measured),
        new(
            CpuHabits.TenBytesStoredInParts, CpuVendor.Intel, "memory when the last two of the ten bytes of FSTP or FBSTP fault",
            "untouched", "holds the first eight", Measured),
        new(
            CpuHabits.MmxStoreClearsTopFirst, CpuVendor.Intel, "TOP when a store of MOVD, MOVQ or MOVNTQ from an MMX register faults; both turn to MMX mode before MASKMOVQ faults",
            "as before", "0, with the tags of before", Measured),
        new(
            CpuHabits.MisalignedSse, CpuVendor.Amd, "MXCSR bit 17, MM: misaligned operands of legacy SSE instructions",
            "exists: no #GP, but #AC under RFLAGS.AC; moves that ask for alignment still do", "reserved", "[APM1 \"Misaligned Exception Mask (MM)\"]; Zen 4"),
        new(
            CpuHabits.XsaveChecksAlignment, CpuVendor.Intel, "misaligned areas of XSAVE, XSAVEOPT, XSAVEC, XRSTOR under RFLAGS.AC; those of FXSAVE and FXRSTOR are #AC on both unless at a multiple of 4",
            "#GP", "#AC unless at a multiple of 4", Measured),
        new(
            CpuHabits.XsavecHeaderFirst, CpuVendor.Intel, "address of a page fault of XSAVEC on an area that lies in bad pages altogether",
            "the first byte", "the last byte of the header", Measured),
        new(
            CpuHabits.MaskedMoveWrapsNarrowly, null, "addresses of the elements of VMASKMOV and VPMASKMOV under a 32-bit address size",
            "go on above 4 GiB (Zen 5; Zen 4 wraps each)", "go on above 4 GiB, as far as recorded", "measured: Zen 4 and Zen 5"),
        new(
            CpuHabits.TrapBetweenIterationsSetsResume, CpuVendor.Intel, "RF in what a handler sees of a debug trap between iterations of REP",
            "clear (measured)", "set", "[SDM3 Debug, Branch Profile, TSC, and Intel Resource Director Technology Features, \"Instruction-Breakpoint Exception Condition\"]"),
        .. Forms,
    ];

    /// <summary>The habits of <paramref name="vendor"/>.</summary>
    public static CpuHabits Of(CpuVendor vendor)
    {
        CpuHabits all = CpuHabits.None;
        foreach (CpuHabitRow row in Rows)
        {
            all |= row.Has == vendor ? row.Habit : CpuHabits.None;
        }

        return all;
    }
}
