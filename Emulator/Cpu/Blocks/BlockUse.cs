namespace MmuEmu.Emulator.Cpu.Blocks;

/// <summary>For what a block is decoded.</summary>
public enum BlockUse : byte
{
    /// <summary>As long as it can be, with fused ops.</summary>
    Run,

    /// <summary>One instruction, to stop exactly behind it.</summary>
    Step,
}
