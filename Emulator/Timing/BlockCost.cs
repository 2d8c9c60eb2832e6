namespace MmuEmu.Emulator.Timing;

/// <summary>What a run of instructions costs besides its memory accesses; made once, when a block is decoded.</summary>
/// <param name="Instructions">Number of instructions.</param>
/// <param name="Cycles">Their execution cycles.</param>
public readonly record struct BlockCost(uint Instructions, uint Cycles)
{
    /// <summary>This cost and one more instruction's.</summary>
    public BlockCost Plus(InstructionClass more, MachinePreset preset) =>
        new(Instructions + 1, Cycles + (uint)preset.CyclesOf(more));
}
