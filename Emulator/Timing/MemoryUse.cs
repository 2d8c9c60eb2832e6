namespace MmuEmu.Emulator.Timing;

/// <summary>What an instruction does with the memory operand that it has translated.</summary>
public enum MemoryUse : byte
{
    /// <summary>Reads it.</summary>
    Load,

    /// <summary>Writes it.</summary>
    Store,

    /// <summary>Reads, computes and writes it back, with one translation.</summary>
    Update,
}
