using Iced.Intel;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Cpu.Blocks;

/// <summary>What can change of one block, at one moment; its ops apart, which <see cref="OpArena"/> keeps.</summary>
/// <param name="Head">The address of its first op.</param>
/// <param name="OpCount">Number of ops.</param>
/// <param name="Room">Ops for which there is room.</param>
/// <param name="LastFrame">The frame of its last byte.</param>
/// <param name="Code">Its bytes; nobody changes them any more.</param>
/// <param name="Instructions">Its instructions; likewise.</param>
/// <param name="Shapes">Their shapes; likewise.</param>
/// <param name="Cost">Their price.</param>
/// <param name="Dropped">Whether its bytes were overwritten.</param>
internal sealed record BlockImage(
    nuint Head, int OpCount, int Room, Pfn LastFrame, byte[] Code, Instruction[] Instructions,
    InstructionShape[] Shapes, BlockCost Cost, bool Dropped);
