using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Cpu;

/// <summary>What the images of x87 and SSE state hold, and what loading one takes, on one model: who saves or restores need not ask for habits.</summary>
/// <param name="MxcsrMask">The bits of MXCSR that exist.</param>
/// <param name="AlwaysSavesPointers">FOP, FIP and FDP are saved without a pending exception too.</param>
/// <param name="OperandOfExceptions">FOP and FDP are those of the last unmasked exception.</param>
/// <param name="HasSelectors">FCS and FDS are kept.</param>
/// <param name="KeepsWholeOperand">A loaded FDP keeps its highest bits.</param>
public readonly record struct FxRules(uint MxcsrMask, bool AlwaysSavesPointers, bool OperandOfExceptions, bool HasSelectors, bool KeepsWholeOperand)
{
    /// <summary>MXCSR.MM: legacy SSE operands in memory may lie anywhere.</summary>
    /// <remarks>Source: [APM1 "Misaligned Exception Mask (MM)"].</remarks>
    public const uint MisalignedMode = 1U << 17;

    private const uint AllHave = 0xFFFF;

    /// <summary>The rules of <paramref name="model"/>.</summary>
    public static FxRules Of(CpuModel model) => new(
        AllHave | (model.Has(CpuHabits.MisalignedSse) ? MisalignedMode : 0),
        model.Has(CpuHabits.FpuPointersAlwaysSaved),
        model.Has(CpuHabits.FpuOperandOfExceptions),
        !model.Has(CpuHabits.FpuSelectorsAreZero),
        model.Has(CpuHabits.FpuOperandLoadedWhole));
}
