using MmuEmu.Emulator.Models;

namespace MmuEmu.Emulator.Cpu.Blocks;

/// <summary>What a processor answers to the bytes of an instruction before anything of it is done.</summary>
public enum VerdictKind : byte
{
    /// <summary>It is carried out.</summary>
    Runs,

    /// <summary>No instruction: #UD.</summary>
    Undefined,

    /// <summary>More than 15 bytes: #GP(0).</summary>
    TooLong,

    /// <summary>An instruction that this model has not: #UD.</summary>
    NotInModel,

    /// <summary>An instruction on state that the control registers have taken away: #NM.</summary>
    NotAvailable,
}

/// <summary>The answer to one instruction, known when it is decoded.</summary>
/// <param name="Kind">The answer.</param>
/// <param name="Missing"><see cref="VerdictKind.NotInModel"/>: the features that it needs and the model lacks.</param>
public readonly record struct Verdict(VerdictKind Kind, CpuFeatures Missing)
{
    /// <summary>An answer that names no features.</summary>
    public static Verdict Of(VerdictKind kind) => new(kind, CpuFeatures.None);
}
