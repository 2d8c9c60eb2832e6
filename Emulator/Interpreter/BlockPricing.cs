using Iced.Intel;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Timing;

namespace MmuEmu.Emulator.Interpreter;

/// <summary>Prices retired blocks; the sum over a whole block is worked out once.</summary>
internal static class BlockPricing
{
    /// <summary>The first <paramref name="retired"/> instructions of <paramref name="block"/> have retired.</summary>
    public static void Retire(CycleModel clock, Block block, int retired)
    {
        if (retired == block.Instructions.Length)
        {
            clock.Retire(CostOf(clock.Preset, block));
            return;
        }

        for (int i = 0; i < retired; i++)
        {
            clock.Retire(InstructionClasses.Of(block.Instructions[i]));
        }
    }

    private static BlockCost CostOf(MachinePreset preset, Block block)
    {
        if (block.Cost.Instructions == 0)
        {
            BlockCost sum = default;
            foreach (ref readonly Instruction instruction in block.Instructions.AsSpan())
            {
                sum = sum.Plus(InstructionClasses.Of(instruction), preset);
            }

            block.Cost = sum;
        }

        return block.Cost;
    }
}
