using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Decode;

/// <summary>Whether the control registers let an instruction on x87, MMX, SSE, AVX or XSAVE state run.</summary>
/// <remarks>
/// <code>
///                        #UD                               #NM
///  x87, FXSAVE, FXRSTOR                                    EM or TS
///  WAIT                                                    MP and TS
///  MMX registers         EM                                TS
///  XMM, MXCSR            EM, or OSFXSR = 0                 TS
///  YMM, VEX              OSXSAVE = 0, or XCR0 lacks it     TS
///  XSAVE, XRSTOR         OSXSAVE = 0                       TS
///  XGETBV, XSETBV        OSXSAVE = 0
/// </code>
/// #UD comes first. An instruction with both MMX and XMM operands counts as XMM. Fences, prefetches, MOVNTI, CRC32 and what works on
/// general registers only is never barred. It is asked when an instruction is decoded; a block belongs to the bits it was decoded under.
/// Source: [SDM2 "Exception Conditions of Legacy SIMD Instructions Operating on MMX Registers", "Intel AVX Exceptions"]; [SDM2 "FXSAVE", "XSAVE", "WAIT"].
/// </remarks>
internal static class StateGate
{
    private const CpuFeatures Vex = CpuFeatures.Avx | CpuFeatures.Avx2 | CpuFeatures.Fma | CpuFeatures.F16c | CpuFeatures.Vaes
        | CpuFeatures.Vpclmulqdq;

    private const CpuFeatures Legacy =
        CpuFeatures.Mmx | CpuFeatures.Sse | CpuFeatures.Sse2 | CpuFeatures.Sse3 | CpuFeatures.Ssse3 | CpuFeatures.Sse41 | CpuFeatures.Sse42
        | CpuFeatures.Aes | CpuFeatures.Pclmulqdq | CpuFeatures.Gfni | CpuFeatures.Sha;

    /// <summary>What becomes of <paramref name="instruction"/> behind <paramref name="bars"/>.</summary>
    public static VerdictKind Judge(in Instruction instruction, StateBars bars) => KindOf(instruction) switch
    {
        StateKind.None => VerdictKind.Runs,
        StateKind.Wait => Either(bars, StateBars.None, StateBars.Wait),
        StateKind.X87 => Either(bars, StateBars.None, StateBars.Emulation | StateBars.TaskSwitched),
        StateKind.Mmx => Either(bars, StateBars.Emulation, StateBars.TaskSwitched),
        StateKind.Sse => Either(bars, StateBars.Emulation | StateBars.NoSse, StateBars.TaskSwitched),
        StateKind.Avx => Either(bars, StateBars.NoAvx, StateBars.TaskSwitched),
        StateKind.Xsave => Either(bars, StateBars.NoXsave, StateBars.TaskSwitched),
        StateKind.Xcr0 => Either(bars, StateBars.NoXsave, StateBars.None),
    };

    private static VerdictKind Either(StateBars bars, StateBars undefined, StateBars notAvailable) =>
        (bars & undefined) != 0 ? VerdictKind.Undefined
        : (bars & notAvailable) != 0 ? VerdictKind.NotAvailable
        : VerdictKind.Runs;

    /// <summary>The state that an instruction works on.</summary>
    internal static StateKind KindOf(in Instruction instruction) => instruction.Mnemonic switch
    {
        Mnemonic.Wait => StateKind.Wait,
        Mnemonic.Emms => StateKind.Mmx,
        Mnemonic.Ldmxcsr or Mnemonic.Stmxcsr => StateKind.Sse,
        Mnemonic.Fxsave or Mnemonic.Fxsave64 or Mnemonic.Fxrstor or Mnemonic.Fxrstor64 => StateKind.X87,
        Mnemonic.Xgetbv or Mnemonic.Xsetbv => StateKind.Xcr0,
        Mnemonic.Xsave or Mnemonic.Xsave64 or Mnemonic.Xsaveopt or Mnemonic.Xsaveopt64 or Mnemonic.Xsavec or Mnemonic.Xsavec64
            or Mnemonic.Xrstor or Mnemonic.Xrstor64 => StateKind.Xsave,
        _ => ByFeature(instruction),
    };

    private static StateKind ByFeature(in Instruction instruction)
    {
        CpuFeatures needs = FeatureGate.NeedsOf(instruction.Code);
        return (needs & Vex) != 0 ? StateKind.Avx
            : (needs & CpuFeatures.Fpu) != 0 ? StateKind.X87
            : (needs & Legacy) == 0 ? StateKind.None
            : Takes(instruction, OpCodeOperandKind.xmm_or_mem, OpCodeOperandKind.xmm_reg, OpCodeOperandKind.xmm_rm) ? StateKind.Sse
            : Takes(instruction, OpCodeOperandKind.mm_or_mem, OpCodeOperandKind.mm_reg, OpCodeOperandKind.mm_rm) ? StateKind.Mmx
            : StateKind.None;
    }

    /// <summary>True when an operand can be such a register, even where this one is in memory: CVTTSS2SI from memory works on SSE state too.</summary>
    private static bool Takes(in Instruction instruction, OpCodeOperandKind first, OpCodeOperandKind second, OpCodeOperandKind third)
    {
        OpCodeInfo code = instruction.OpCode;
        for (int i = 0; i < code.OpCount; i++)
        {
            if (code.GetOpKind(i) == first || code.GetOpKind(i) == second || code.GetOpKind(i) == third)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>State outside the general registers.</summary>
internal enum StateKind : byte
{
    /// <summary>None.</summary>
    None,

    /// <summary>None either: WAIT asks for what x87 instructions have left.</summary>
    Wait,

    /// <summary>x87 registers and words.</summary>
    X87,

    /// <summary>MMX registers.</summary>
    Mmx,

    /// <summary>XMM registers or MXCSR.</summary>
    Sse,

    /// <summary>YMM registers, or any encoding by VEX.</summary>
    Avx,

    /// <summary>State as XSAVE and XRSTOR move it.</summary>
    Xsave,

    /// <summary>XCR0.</summary>
    Xcr0,
}
