namespace MmuEmu.Emulator.Timing;

/// <summary>What an instruction does to memory.</summary>
[Flags]
public enum MemoryShape : byte
{
    /// <summary>Nothing: LEA, prefetches and NOPs name an address and do not touch it.</summary>
    None = 0,

    /// <summary>It reads its operand in memory, or the stack.</summary>
    Loads = 1,

    /// <summary>It writes it.</summary>
    Stores = 2,
}

/// <summary>What a scheduler of instructions has to know of one, without its operands' values.</summary>
/// <remarks>
/// Flags are bits of RFLAGS. What is written under a condition (CMOV, a shift by CL, a repeated string instruction) counts as read
/// and written; what an instruction leaves undefined counts as written apart. Source of the facts: Iced's instruction information.
/// </remarks>
public readonly record struct InstructionShape
{
    /// <summary>Which class's price it has.</summary>
    public required InstructionClass Class { get; init; }

    /// <summary>Registers whose values it needs, those of its addresses too.</summary>
    public required RegisterSet Reads { get; init; }

    /// <summary>Registers that it may change.</summary>
    public required RegisterSet Writes { get; init; }

    /// <summary>What it does to memory.</summary>
    public required MemoryShape Memory { get; init; }

    /// <summary>Flags whose values it needs.</summary>
    public required uint FlagsRead { get; init; }

    /// <summary>Flags that it sets to a defined value.</summary>
    public required uint FlagsWritten { get; init; }

    /// <summary>Flags that it leaves undefined: each maker has its own values.</summary>
    public required uint FlagsUndefined { get; init; }
}
