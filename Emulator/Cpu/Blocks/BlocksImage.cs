using MmuEmu.Emulator.Memory;

namespace MmuEmu.Emulator.Cpu.Blocks;

/// <summary>The decoded blocks of one vCPU at one moment.</summary>
/// <param name="Blocks">The blocks by number.</param>
/// <param name="States">Their states, likewise.</param>
/// <param name="Ops">Their ops.</param>
/// <param name="Quick">The table of blocks that were run lately.</param>
/// <param name="Frames">From which bytes they were decoded.</param>
/// <param name="Count">Blocks decoded since the last clearing.</param>
/// <param name="Bars">Under which control bits blocks are looked for.</param>
internal sealed record BlocksImage(
    ListImage<Block> Blocks, ListImage<BlockImage> States, ArenaImage Ops, ArrayImage Quick, CodeFramesImage Frames, int Count,
    StateBars Bars);
